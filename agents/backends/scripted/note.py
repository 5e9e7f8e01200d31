"""What a player wants to look up and to write down, whatever the files are called."""

from __future__ import annotations

from typing import Literal, NamedTuple


class Lookup(NamedTuple):
    """Something to look up.

    Attributes:
        kind: The kind of note, a key of ``schema.toml``.
        how: ``all`` of the file, its ``last`` lines, or the lines that hold ``text``.
        text: The number of lines, or the keyword.
    """

    kind: str
    how: Literal["all", "last", "with"]
    text: str = ""


class Note(NamedTuple):
    """A line to write down.

    Attributes:
        kind: The kind of note, a key of ``schema.toml``.
        text: The line.
        state: Whether it tells how something is now, so that it counts although the same line may
            stand further up; else it is a fact, to be written once.
    """

    kind: str
    text: str
    state: bool = False
