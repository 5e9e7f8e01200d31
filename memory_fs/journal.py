"""The record of every change of a memory, from which it can be rebuilt as it was at any turn."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

_ENCODE = json.JSONEncoder(ensure_ascii=False).encode


class Mutation(NamedTuple):
    """One change of one file.

    Attributes:
        turn: The turn in which it happened; 0 for the initial files.
        command: Its place among the commands of that turn.
        kind: ``append`` (the text is added at the end), ``write`` (the text is the whole file) or
            ``delete``.
        file: The file's name.
        text: The text, as it went into the file.
    """

    turn: int
    command: int
    kind: str
    file: str
    text: str = ""

    def apply(self, files: dict[str, str]) -> None:
        """Makes the same change in a plain dictionary of texts."""
        if self.kind == "delete":
            files.pop(self.file, None)
        elif self.kind == "append":
            files[self.file] = files.get(self.file, "") + self.text
        else:
            files[self.file] = self.text


class Journal:
    """An append-only file of mutations, one JSON object a line."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file = path.open("w", encoding="utf-8")

    def restart(self) -> None:
        """Forgets everything."""
        self._file.close()
        self._file = self.path.open("w", encoding="utf-8")

    def append(self, mutation: Mutation) -> None:
        """Records a mutation."""
        self._file.write(_ENCODE(mutation._asdict()) + "\n")

    def __iter__(self) -> Iterator[Mutation]:
        """All mutations so far, oldest first."""
        if not self._file.closed:
            self._file.flush()
        with self.path.open(encoding="utf-8") as lines:
            for line in lines:
                record: dict[str, Any] = json.loads(line)
                yield Mutation(**record)

    def at(self, turn: int) -> dict[str, str]:
        """The memory as it was after a turn.

        Args:
            turn: The turn; 0 gives the initial files.

        Returns:
            Name to text.
        """
        files: dict[str, str] = {}
        for mutation in self:
            if mutation.turn > turn:
                break
            mutation.apply(files)
        return files

    def close(self) -> None:
        """Closes the file; what it holds can still be read."""
        self._file.close()
