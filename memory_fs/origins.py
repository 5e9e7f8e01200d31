"""Where the lines of a text come from; a line that a rewrite leaves as it was keeps its origin."""

from __future__ import annotations

import difflib
from typing import NamedTuple

#: Products of line counts up to this are matched line by line.
_MATCHED = 4_000_000


class Origin(NamedTuple):
    """Where a line comes from.

    Attributes:
        turn: The turn that wrote it; 0 for a line of the initial files.
        command: The command of that turn.
        line: The line, without its break.
    """

    turn: int
    command: int
    line: str


def rewritten(old: list[Origin], new: list[Origin]) -> list[Origin]:
    """The origins of a text that takes the place of another one.

    Args:
        old: The lines that were there.
        new: Those that are there now, as if all were new.
    """
    start = _common(old, new)
    end = _common(old[start:][::-1], new[start:][::-1])
    old_middle, middle = old[start : len(old) - end], new[start : len(new) - end]
    # Beyond this, matching takes longer than it is worth: all of the middle counts as new.
    if len(old_middle) * len(middle) <= _MATCHED:
        matcher = difflib.SequenceMatcher(
            None, [origin.line for origin in old_middle], [origin.line for origin in middle]
        )
        for old_at, new_at, size in matcher.get_matching_blocks():
            middle[new_at : new_at + size] = old_middle[old_at : old_at + size]
    return old[:start] + middle + old[len(old) - end :]


def _common(old: list[Origin], new: list[Origin]) -> int:
    """With how many lines both begin."""
    pairs = zip(old, new, strict=False)
    return next(
        (at for at, (a, b) in enumerate(pairs) if a.line != b.line), min(len(old), len(new))
    )
