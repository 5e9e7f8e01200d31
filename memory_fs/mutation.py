"""One change of one file, as the journal keeps it."""

from __future__ import annotations

from typing import NamedTuple

KINDS = ("append", "write", "splice", "rename", "delete")


class Mutation(NamedTuple):
    """A change.

    Attributes:
        turn: The turn in which it happened; 0 for the initial files.
        command: Its place among the commands of that turn.
        kind: ``append`` (the text is added at the end), ``write`` (the text is the whole file),
            ``splice`` (the text takes the place of some lines), ``rename`` (the text is the new
            name) or ``delete``.
        file: The file's name.
        text: The text, as it went into the file: whole lines.
        line: For a splice: the first line that goes, from 0.
        removed: For a splice: how many lines go.
    """

    turn: int
    command: int
    kind: str
    file: str
    text: str = ""
    line: int = 0
    removed: int = 0

    def apply(self, files: dict[str, str]) -> None:
        """Makes the same change in a plain dictionary of texts."""
        if self.kind == "delete":
            files.pop(self.file, None)
        elif self.kind == "rename":
            files[self.text] = files.pop(self.file)
        elif self.kind == "append":
            files[self.file] = files.get(self.file, "") + self.text
        elif self.kind == "splice":
            lines = whole_lines(files[self.file])
            lines[self.line : self.line + self.removed] = whole_lines(self.text)
            files[self.file] = "".join(lines)
        else:
            files[self.file] = self.text


def whole_lines(text: str) -> list[str]:
    """The lines with their breaks; only a newline breaks a line."""
    return [f"{line}\n" for line in text.split("\n")[:-1]]
