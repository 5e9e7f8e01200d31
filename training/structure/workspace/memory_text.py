"""The memory of a recorded episode as it was at a game step, as text."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

from benchmarks.replay.memory_track import MemoryTrack
from benchmarks.trace import Trace
from memory_fs import Refused
from memory_fs.index import plural
from memory_fs.suggestion import did_you_mean


def memory_text(trace: Trace, step: int, file: str = "") -> str:
    """Tells the memory as it was when a game step had been played.

    Args:
        trace: What was recorded.
        step: The game step; 0 for the first files.
        file: One file, whose lines are shown with the game step in which each was written; empty
            for a list of all.

    Raises:
        Refused: There is no such step or file, or no memory.
        TraceError: The trace is damaged.
    """
    if "memory" not in trace.header:
        raise Refused("this episode has no memory")
    ends = [(0, trace.header["info"].get("game_step", 0))]
    with MemoryTrack(trace.header) as memory:
        turns = iter(trace.turns()) if step > 0 else iter(())
        for turn in turns:
            memory.apply(turn)
            ends.append((turn.turn, turn.info.get("game_step", turn.turn)))
            if ends[-1][1] >= step:
                break
        if not 0 <= step <= ends[-1][1]:
            raise Refused(f"there is no step {step}; the last one is {ends[-1][1]}")
        # What a turn writes belongs to the game step that it leads to.
        steps = {0: 0} | {
            turn: reached + (reached == before) for (_, before), (turn, reached) in pairwise(ends)
        }
        if not file:
            return "\n".join(_entry(name, memory, steps) for name in memory.files)
        if file not in memory.files:
            hint = did_you_mean(file, memory.files)
            raise Refused(f"there is no file {file[:200]!r} at step {step}.{hint}")
        return _lines(file, memory, steps)


def _entry(name: str, memory: MemoryTrack, steps: Mapping[int, int]) -> str:
    text = memory.files[name]
    last = max((steps[turn] for turn in memory.origins[name]), default=0)
    size = f"{plural(text.count(chr(10)), 'line')}, {plural(len(text), 'character')}"
    return f"{name}  {size}, last written in step {last}"


def _lines(name: str, memory: MemoryTrack, steps: Mapping[int, int]) -> str:
    lines = memory.files[name].removesuffix("\n").split("\n")
    # What stands behind the last line's end has an origin too, and is no line.
    written = zip(memory.origins[name], lines, strict=False)
    return "\n".join(f"[step {steps[turn]}] {line}" for turn, line in written)
