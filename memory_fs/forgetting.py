"""A memory that does not last: what was written longer ago than a span of steps is forgotten.

This is how it is found out what a memory is worth: the same player plays with all of its memory,
with what it wrote in the last steps only, and with none.
"""

from __future__ import annotations

from memory_fs.origins import Origin, rewritten
from memory_fs.refusal import Refused
from memory_fs.store import MemoryStore


class Forgetting:
    """Takes away the lines of a memory that were written too long ago.

    A line counts as written when it came into its file; one that is written again with the same
    words while it stands there does not become younger. The initial files are not forgotten: one of
    which nothing that was written is left is as it was at the start, and one that was made later is
    gone.

    Args:
        store: The memory, as it is at the start of an episode.
        span: Game steps for which a line lasts: with 1, what was written before the last action is
            still there before the next one; with 0, nothing is.

    Raises:
        ValueError: The span is negative.
    """

    def __init__(self, store: MemoryStore, span: int) -> None:
        if span < 0:
            raise ValueError(f"a memory lasts 0 game steps or more, not {span}")
        self.span = span
        self._store = store
        self._step = 0
        self._initial = {entry.name: store.read(entry.name) for entry in store.files()}
        self._entries = {entry.name: entry for entry in store.files()}
        self._lines = {name: _initially(text) for name, text in self._initial.items()}
        #: Files that are not as they were at the start, and when each was changed last.
        self._changed: dict[str, int] = {}

    def step(self, turn: int) -> tuple[str, ...]:
        """Ends a game step.

        Args:
            turn: The turn in which it was taken, for the journal.

        Returns:
            The names of the files in which something was forgotten.
        """
        self._step += 1
        self._look()
        self._store.stamp(turn, _LAST)
        oldest = self._step - self.span
        # Files that are to be gone first: what comes back may need their room or their names.
        names = sorted(self._changed, key=lambda name: name in self._initial)
        return tuple(name for name in names if self._forget(name, oldest))

    def _look(self) -> None:
        """Notices what was written in this game step."""
        now = {entry.name: entry for entry in self._store.files()}
        for name in self._entries.keys() - now.keys():
            self._lines[name] = []
            self._changed[name] = self._step
        for name, entry in now.items():
            # A new entry is made at every change, so the same object means the same text.
            if self._entries.get(name) is not entry:
                lines = self._store.read(name).split("\n")[:-1]
                new = [Origin(self._step, 0, line) for line in lines]
                self._lines[name] = rewritten(self._lines.get(name, []), new)
                self._changed[name] = self._step
        self._entries = now

    def _forget(self, name: str, oldest: int) -> bool:
        """Forgets what is too old in a file; whether there was something."""
        lines = self._lines[name]
        kept = [line for line in lines if line.turn == 0 or line.turn > oldest]
        if self._changed[name] <= oldest:  # so none of them was written since
            return self._restore(name)
        if len(kept) == len(lines):
            return False
        self._lines[name] = kept
        self._entries[name] = self._store.write(name, "".join(f"{line.line}\n" for line in kept))
        return True

    def _restore(self, name: str) -> bool:
        """Makes a file what it was at the start; whether it was something else."""
        text = self._initial.get(name)
        if text is None:
            del self._changed[name], self._lines[name]
            if name not in self._entries:  # it came and went
                return False
            self._store.delete(name)
            del self._entries[name]
            return True
        there = name in self._entries and [line.line for line in self._lines[name]]
        if there != [line.line for line in _initially(text)]:
            try:
                self._entries[name] = self._store.write(name, text)
            except Refused:
                return False  # what was written since takes its room; when that is forgotten
        del self._changed[name]
        self._lines[name] = _initially(text)
        return True


#: Behind all commands of a turn, in the journal.
_LAST = 1_000_000


def _initially(text: str) -> list[Origin]:
    return [Origin(0, 0, line) for line in text.split("\n")[:-1]]
