"""How the agent of a recorded episode used its memory: ``memory_fs.measures``, from the trace."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Self, TypedDict, cast

from benchmarks.trace import MemoryReplay, Turn
from memory_fs import MemoryAction, parse
from memory_fs.measures import Command, measure
from memory_fs.operation import NOTHING

#: Those of the measures that a table shows: label, scale and decimal places of each.
SHOWN = {
    "writes_per_search": ("memory writes / search", 1, 2),
    "growth_per_step": ("memory growth, characters / step", 1, 2),
    "redundant_writes": ("redundant writes, %", 100, 1),
    "empty_searches": ("searches that found nothing, %", 100, 1),
    "consult_before_write": ("writes after a look at the file, %", 100, 1),
}
#: What a result tells of an episode in any case.
_ELSEWHERE = frozenset({"operations", "refused"})


class MemoryFigures(TypedDict, total=False):
    """Those of :class:`memory_fs.measures.Measures` that a result holds, by name."""

    writes: int
    searches: int
    consultations: int
    writes_per_search: float | None
    writes_per_consultation: float | None
    growth_per_step: float | None
    redundant_writes: float | None
    nearly_redundant_writes: float | None
    empty_searches: float | None
    consult_before_write: float | None
    never_read: list[str]
    chars: int
    peak_chars: int


class MemoryUse:
    """Follows the memory of an episode, turn by turn. Use it in a ``with`` block, or close it.

    Args:
        header: The header of the trace.
    """

    def __init__(self, header: Mapping[str, Any]) -> None:
        self._step: int = header["info"].get("game_step", 0)
        self._commands: list[Command] = []
        self._memory = MemoryReplay(header)

    def add(self, turn: Turn) -> None:
        """Makes the changes of the next turn.

        Raises:
            TraceError: A command that was done once cannot be done again.
        """
        self._commands.extend(_commands(turn, self._step))
        self._memory.apply(turn)
        self._step = turn.info.get("game_step", turn.turn)

    @property
    def chars(self) -> int:
        """Characters in the memory now."""
        return self._memory.chars

    def figures(self) -> MemoryFigures:
        """The measures of all turns, but for the counts of commands."""
        found = measure(self._commands, self._memory.mutations, self._step).as_dict()
        kept = {name: value for name, value in found.items() if name not in _ELSEWHERE}
        kept["never_read"] = list(kept["never_read"])
        return cast("MemoryFigures", kept)

    def close(self) -> None:
        """Frees the memory; may be called twice."""
        self._memory.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _commands(turn: Turn, game_step: int) -> Iterator[Command]:
    """The commands of a turn that were any; an operation of the user's own is none that counts."""
    for place, done in enumerate(turn.commands):
        for action in parse(done["command"]):
            if isinstance(action, MemoryAction):
                # The texts stand in the journal; of a long episode they would fill the memory.
                slim, found = replace(action, text=""), done["result"][: len(NOTHING)]
                yield Command(turn.turn, place, game_step, slim, done["ok"], found)
