"""How the agent of a recorded episode used its memory: ``memory_fs.measures``, from the trace."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from benchmarks.trace import MemoryReplay, Trace, Turn
from memory_fs import MemoryAction, parse
from memory_fs.measures import Command, measure

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


def memory_measures(trace: Trace) -> dict[str, Any]:
    """Computes the measures of an episode.

    Args:
        trace: What was recorded of it.

    Returns:
        Those of :class:`memory_fs.measures.Measures` by name, but for the counts of commands; none
        where the environment has no memory.

    Raises:
        TraceError: The trace is damaged.
    """
    if "memory" not in trace.header:
        return {}
    commands: list[Command] = []
    steps: int = trace.header["info"].get("game_step", 0)
    with MemoryReplay(trace.header) as memory:
        for turn in trace.turns():
            commands.extend(_commands(turn, steps))
            memory.apply(turn)
            steps = turn.info.get("game_step", turn.turn)
        measures = measure(commands, memory.mutations, steps).as_dict()
    return {name: value for name, value in measures.items() if name not in _ELSEWHERE}


def _commands(turn: Turn, game_step: int) -> Iterator[Command]:
    """The commands of a turn that were any; an operation of the user's own is none that counts."""
    for place, done in enumerate(turn.commands):
        for action in parse(done["command"]):
            if isinstance(action, MemoryAction):
                yield Command(turn.turn, place, game_step, action, done["ok"], done["result"])
