"""All that is measured of an episode, in one reading of its trace."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field

from benchmarks.measures.context import Context, ContextSize
from benchmarks.measures.curve import Curve, Thinned
from benchmarks.measures.memory import MemoryFigures, MemoryUse
from benchmarks.measures.unproductive import UnproductiveSteps
from benchmarks.trace import Trace


@dataclass(frozen=True)
class EpisodeMeasures:
    """What a result holds of an episode beside what adds up while it is played.

    Attributes:
        game: Name of the game, under which several tasks may be counted; empty where the
            environment does not tell it.
        memory: How the memory was used, see :class:`memory_fs.measures.Measures`; empty where the
            environment has none.
        unproductive: Game steps that led nowhere, by kind, see
            :mod:`benchmarks.measures.unproductive`.
        context: How large the prompts were.
        curves: By game step: ``memory_chars``, the characters in the memory, and
            ``prompt_tokens``, the tokens of the prompts; those that there are.
    """

    game: str = ""
    memory: MemoryFigures = field(default_factory=lambda: MemoryFigures())
    unproductive: Mapping[str, int] = field(default_factory=dict)
    context: Context = field(default_factory=lambda: Context())
    curves: Mapping[str, Thinned] = field(default_factory=dict)


def measure_episode(trace: Trace) -> EpisodeMeasures:
    """Measures an episode.

    Args:
        trace: What was recorded of it; it is read once, turn by turn, so that a long one needs
            little memory.

    Raises:
        TraceError: The trace is damaged.
    """
    header = trace.header
    unproductive = UnproductiveSteps(header["texts"], header["info"])
    context, chars = ContextSize(), Curve()
    step = header["info"].get("game_step", 0)
    with ExitStack() as stack:
        memory = stack.enter_context(MemoryUse(header)) if "memory" in header else None
        for turn in trace.turns():
            unproductive.add(turn)
            for call in turn.calls:
                context.add(call)
            if memory is not None:
                memory.add(turn)
            now = turn.info.get("game_step", turn.turn)
            if now != step:
                step = now
                context.end_step()
                chars.add(memory.chars if memory is not None else 0)
        figures = MemoryFigures() if memory is None else memory.figures()
    prompts = context.curve()
    return EpisodeMeasures(
        game=header["info"].get("game", ""),
        memory=figures,
        unproductive=unproductive.counts(),
        context=context.context(),
        curves={
            **({} if memory is None else {"memory_chars": chars.thinned()}),
            **({} if prompts is None else {"prompt_tokens": prompts}),
        },
    )
