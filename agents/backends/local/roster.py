"""Who has which row.

Rows of running answers come first, then those whose prompts are still being read, without gaps:
so a pass over either kind is a pass over neighbours, and needs no copy of their keys and values.
"""

from __future__ import annotations

from agents.backends.local.rows import Rows
from agents.backends.local.sequence import Sequence


class Roster:
    """The order of the rows.

    Args:
        rows: Their keys and values, which move along.

    Attributes:
        members: The conversations; the place in the list is the row.
        running: How many of the first ones have begun their answers.
    """

    def __init__(self, rows: Rows) -> None:
        self.members: list[Sequence] = []
        self.running = 0
        self._rows = rows

    def enter(self, sequence: Sequence) -> int:
        """Gives a conversation a row, behind all others."""
        self.members.append(sequence)
        if sequence.beginning is not None:
            sequence.beginning.readers += 1
        return len(self.members) - 1

    def begin(self, count: int) -> None:
        """Counts the next rows, whose prompts have been read, among those whose answers run."""
        self.running += count

    def leave(self, row: int) -> None:
        """Takes a row away; the last ones of each kind close the gap."""
        beginning = self.members[row].beginning
        if beginning is not None:
            beginning.readers -= 1
        if row < self.running:
            self.running -= 1
            self._put(self.running, row)
            row = self.running
        self._put(len(self.members) - 1, row)
        self.members.pop()

    def clear(self) -> None:
        """Takes all rows away."""
        while self.members:
            self.leave(len(self.members) - 1)

    def _put(self, source: int, target: int) -> None:
        if source != target:
            sequence = self.members[source]
            self._rows.move(source, target, sequence.done - sequence.before)
            self.members[target] = sequence
