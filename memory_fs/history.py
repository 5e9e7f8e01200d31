"""What a memory was: its files after any turn, what changed between two, who wrote a line."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from itertools import takewhile

from memory_fs.mutation import Mutation, whole_lines
from memory_fs.origins import Origin, rewritten
from memory_fs.refusal import Refused


class History:
    """The past of a memory, from the mutations of its journal.

    Args:
        mutations: The mutations, oldest first; they are read anew for each question.
    """

    def __init__(self, mutations: Iterable[Mutation]) -> None:
        self._mutations = mutations

    def _until(self, turn: int | None) -> Iterator[Mutation]:
        if turn is None:
            return iter(self._mutations)
        return takewhile(lambda mutation: mutation.turn <= turn, self._mutations)

    def at(self, turn: int | None = None) -> dict[str, str]:
        """The files as they were after a turn.

        Args:
            turn: The turn; 0 gives the initial files, None the present ones.

        Returns:
            Name to text.
        """
        files: dict[str, str] = {}
        for mutation in self._until(turn):
            mutation.apply(files)
        return files

    def diff(self, before: int, after: int | None = None) -> str:
        """What changed between two turns, as a unified diff; empty where nothing did."""
        old, new = self.at(before), self.at(after)
        end = "now" if after is None else f"turn {after}"
        return "".join(
            line
            for name in sorted(old.keys() | new.keys())
            if old.get(name) != new.get(name)
            for line in difflib.unified_diff(
                whole_lines(old.get(name, "")),
                whole_lines(new.get(name, "")),
                f"{name} (turn {before})" if name in old else "(no file)",
                f"{name} ({end})" if name in new else "(no file)",
            )
        )

    def blame(self, name: str, turn: int | None = None) -> list[Origin]:
        """Which turn wrote each line of a file.

        A line that a rewrite left as it was keeps its origin.

        Args:
            name: The file.
            turn: As it was after this turn; None for now.

        Raises:
            Refused: There was no such file.
        """
        names = {name}  # and those that it had before
        renames = [m for m in self._until(turn) if m.kind == "rename"]
        for mutation in reversed(renames):
            if mutation.text in names:
                names.add(mutation.file)
        files: dict[str, list[Origin]] = {}
        for mutation in self._until(turn):
            if mutation.file not in names:
                continue
            if mutation.kind == "rename":
                files[mutation.text] = files.pop(mutation.file)
            elif mutation.kind == "delete":
                del files[mutation.file]
            else:
                files[mutation.file] = _written(files.get(mutation.file, []), mutation)
        if name not in files:
            when = "" if turn is None else f" in turn {turn}"
            raise Refused(f"there was no file {name}{when}")
        return files[name]


def _written(lines: list[Origin], mutation: Mutation) -> list[Origin]:
    """The origins after an append, a splice or a write."""
    new = [
        Origin(mutation.turn, mutation.command, line[:-1]) for line in whole_lines(mutation.text)
    ]
    if mutation.kind == "append":
        return lines + new
    if mutation.kind == "splice":
        return lines[: mutation.line] + new + lines[mutation.line + mutation.removed :]
    return rewritten(lines, new)
