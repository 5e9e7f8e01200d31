"""The memory of a recorded episode, turn by turn: its commands are executed once more."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Self

from benchmarks.trace.changes import changed_files
from benchmarks.trace.reader import TraceError, Turn
from memory_fs import (
    OPERATIONS,
    Forgetting,
    MemoryAction,
    MemoryConfig,
    MemoryStore,
    Mutation,
    Quotas,
    parse,
)


class MemoryReplay:
    """A memory that follows a trace. Use it in a ``with`` block, or close it.

    Args:
        header: The header of the trace.
    """

    def __init__(self, header: Mapping[str, Any]) -> None:
        memory = header.get("memory", {"files": {}, "quotas": {}})
        self._store = MemoryStore(
            MemoryConfig(files=memory["files"], quotas=Quotas(**memory["quotas"]))
        )
        self.files: dict[str, str] = dict(memory["files"])
        span = memory.get("span")
        self._forgetting = None if span is None else Forgetting(self._store, span)

    def apply(self, turn: Turn) -> tuple[str, ...]:
        """Makes the changes of the next turn.

        Returns:
            The names of the files that changed; :attr:`files` holds them as they are now.

        Raises:
            TraceError: A command that was done once cannot be done again.
        """
        before = self._store.files()
        if turn.files is not None:
            self._store.stamp(turn.turn, 0)
            for name, text in turn.files.items():
                if text is None:
                    self._store.delete(name)
                else:
                    self._store.write(name, text)
        else:
            for place, done in enumerate(turn.commands):
                if done["ok"]:
                    self._execute(done["command"], turn.turn, place)
        if self._forgetting is not None and turn.info.get("executed_action") is not None:
            self._forgetting.step(turn.turn)
        changed = changed_files(before, self._store.files())
        for name, there in changed.items():
            if there:
                self.files[name] = self._store.read(name)
            else:
                del self.files[name]
        return tuple(changed)

    @property
    def chars(self) -> int:
        """Characters in all files as they are now."""
        return sum(entry.chars for entry in self._store.files())

    @property
    def mutations(self) -> Iterable[Mutation]:
        """All changes so far, from the initial files on, each with its turn and command."""
        return self._store.journal

    def _execute(self, command: str, turn: int, place: int) -> None:
        for action in parse(command):
            if not isinstance(action, MemoryAction) or not OPERATIONS[action.op].mutates:
                continue
            result = self._store.execute(action, turn, place)
            if not result.ok:
                raise TraceError(f"turn {turn}: {result} (it was done when it was recorded)")

    def close(self) -> None:
        """Frees the memory; may be called twice."""
        self._store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
