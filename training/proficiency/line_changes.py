"""What each command of an episode did to the lines of the memory, from the journal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from memory_fs import Mutation
from memory_fs.mutation import whole_lines


class Change(NamedTuple):
    """What a command did to its file.

    Attributes:
        redundant: Whether the file kept the lines that it had, and did not become shorter, as
            :class:`memory_fs.measures.Measures` counts it.
        lines: The lines that came into the file, without their breaks and without blank ones.
    """

    redundant: bool
    lines: tuple[str, ...]


class LineChanges:
    """Follows a journal, command by command.

    Args:
        mutations: The journal, from the initial files on.
    """

    def __init__(self, mutations: Iterable[Mutation]) -> None:
        self._mutations = iter(mutations)
        self._next = next(self._mutations, None)
        self._files: dict[str, tuple[list[str], Counter[str]]] = {}

    def of(self, first: tuple[int, int], last: tuple[int, int], file: str) -> Change | None:
        """What was done to a file; asked in the order of the journal.

        Args:
            first: Turn and place of the command.
            last: The same again, or the last of several that cannot be told apart.
            file: The file's name.

        Returns:
            The change; None where there was none.
        """
        redundant, added = True, list[str]()
        found = False
        while self._next is not None and (self._next.turn, self._next.command) <= last:
            mutation = self._next
            self._next = next(self._mutations, None)
            same, lines = self._apply(mutation)
            if mutation.file == file and (mutation.turn, mutation.command) >= first:
                found = True
                redundant = redundant and same
                added += lines
        if not found:
            return None
        return Change(redundant, tuple(line[:-1] for line in added if line.strip()))

    def _apply(self, mutation: Mutation) -> tuple[bool, list[str]]:
        if mutation.kind == "delete":
            self._files.pop(mutation.file, None)
            return False, []
        if mutation.kind == "rename":
            self._files[mutation.text] = self._files.pop(mutation.file)
            return False, []
        lines, counts = self._files.setdefault(mutation.file, ([], Counter()))
        added = whole_lines(mutation.text)
        if mutation.kind == "append":
            start, gone = len(lines), []
        elif mutation.kind == "splice":
            start, gone = mutation.line, lines[mutation.line : mutation.line + mutation.removed]
        else:
            start, gone = 0, lines.copy()
        touched = {*added, *gone}
        before = {line for line in touched if counts[line] > 0}
        counts.subtract(gone)
        counts.update(added)
        after = {line for line in touched if counts[line] > 0}
        lines[start : start + len(gone)] = added
        return before == after and len(added) >= len(gone), added
