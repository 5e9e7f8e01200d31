"""A text as the difference to another one, line by line.

A delta is a list in the order of the new text's lines: a string is a new line, a pair
``[first, count]`` is a run of lines of the old text. So lines may be added, go, or move.
"""

from __future__ import annotations

Delta = list[str | list[int]]


def encode(old: str, new: str) -> Delta:
    r"""Describes a text by another one.

    Args:
        old: The text that the reader has.
        new: The text to describe.

    Example:
        >>> encode("a\nb\nc", "a\nB\nc")
        [[0, 1], 'B', [2, 1]]
    """
    return _encode(old.split("\n"), new.split("\n"))


class Changing:
    """A text that is described again and again by what it was before.

    Args:
        text: What it is at first.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._lines: list[str] | None = None

    @property
    def text(self) -> str:
        """What it is now."""
        return self._text

    @text.setter
    def text(self, text: str) -> None:
        self._text, self._lines = text, None

    def change(self, text: str) -> Delta:
        """Describes what it becomes, and keeps it."""
        before = self._text.split("\n") if self._lines is None else self._lines
        self._text, self._lines = text, text.split("\n")
        return _encode(before, self._lines)


def _encode(before: list[str], after: list[str]) -> Delta:
    places: dict[str, int] | None = None
    delta: Delta = []
    # The old line that comes next where nothing has moved, and the one with which the run began.
    at = first = 0
    known, last = len(before), len(before) - 1
    for number, line in enumerate(after, 1):
        if at < known and before[at] == line:
            at += 1
            continue
        if first < at:
            delta.append([first, at - first])
        # Most texts need no search: on a map, a changed line stays where it was.
        if at < last and number < len(after) and before[at + 1] == after[number]:
            place = None
        else:
            if places is None:
                places = {text: place for place, text in enumerate(before)}
            place = places.get(line)
        if place is None:
            delta.append(line)
            first = at = at + 1
        else:
            first, at = place, place + 1
    if first < at:
        delta.append([first, at - first])
    return delta


def decode(old: str, delta: Delta) -> str:
    """Rebuilds the text that :func:`encode` described.

    Raises:
        ValueError: The delta does not fit the old text.
    """
    before = old.split("\n")
    lines: list[str] = []
    for part in delta:
        if isinstance(part, str):
            lines.append(part)
            continue
        first, count = part
        if not 0 <= first < first + count <= len(before):
            raise ValueError(f"lines {first} to {first + count} of {len(before)} lines")
        lines.extend(before[first : first + count])
    return "\n".join(lines)
