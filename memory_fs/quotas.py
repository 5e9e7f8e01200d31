"""The limits of a memory.

They bound the files. The journal, from which every turn can be rebuilt, grows with what is written
in an episode and is emptied when the next one begins.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

from memory_fs.index import Index
from memory_fs.refusal import Refused


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

    def admit(self, index: Index, name: str, chars: int) -> None:
        """Refuses a change that breaks a quota; making a file shorter is always allowed.

        Args:
            index: The files as they are.
            name: The file that is to change.
            chars: Its length afterwards.

        Raises:
            Refused: With a way to make room.
        """
        old = index.find(name)
        if old and chars <= old.chars:
            return
        if old is None and len(index) >= self.files:
            raise Refused(
                f"there are {self.files:,} files already, and no more are allowed; DELETE one "
                "that is not needed"
            )
        total = index.chars - (old.chars if old else 0) + chars
        for have, most, what in (
            (chars, self.file_chars, "the file"),
            (total, self.total_chars, "the memory"),
        ):
            if have > most:
                raise Refused(
                    f"{what} would hold {have:,} characters and {most:,} are allowed; "
                    "WRITE a shorter version, or DELETE what is not needed"
                )
