"""The limits of a memory.

They bound the files. The journal, from which every turn can be rebuilt, grows with what is written
in an episode and is emptied when the next one begins.
"""

from __future__ import annotations

from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True)
class Quotas:
    """Limits of a memory. Lengths are in characters (Unicode code points).

    Attributes:
        files: How many files it holds.
        file_chars: Length of one file.
        total_chars: Length of all files together.
        result_chars: Length of one command's result; a longer one is cut, and says so.
        matches: How many matches a search shows; the last ones are shown, all are counted.
    """

    files: int = 100
    file_chars: int = 200_000
    total_chars: int = 2_000_000
    result_chars: int = 8_000
    matches: int = 100

    def __post_init__(self) -> None:
        for name in (field.name for field in fields(self)):
            value = getattr(self, name)
            if not isinstance(value, int) or value < 1:
                raise ValueError(f"quota {name} is a whole number from 1, not {value!r}")
