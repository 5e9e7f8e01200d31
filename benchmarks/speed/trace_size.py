"""How large a trace is, to one that holds everything at every step."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from benchmarks.episode import Episode
from benchmarks.rollout import play
from benchmarks.speed.engines import ENGINES
from benchmarks.speed.subject import Measurement
from benchmarks.trace import TRACE, MemoryReplay, Trace

#: Game steps of the episode, and the seeds among which one is searched that lasts so long.
_STEPS, _SEEDS = 2000, range(5, 25)


def trace_size(seconds: float, game: str) -> Measurement:
    """How many times larger a recording would be whose every line holds all texts and all files.

    That one has no scenes; the trace has them.

    Args:
        seconds: Not used: one episode of an explorer is recorded.
        game: Name of the game.
    """
    with tempfile.TemporaryDirectory() as folder:
        for seed in _SEEDS:
            episode = Episode(ENGINES[game][0], seed, agent="explorer", max_game_steps=_STEPS)
            if play(episode, Path(folder)).game_steps == _STEPS:
                break
        path = Path(folder) / TRACE
        size, whole = path.stat().st_size, _whole(path)
        play(episode, Path(folder), scenes=False)
        bare = path.stat().st_size
    return Measurement(
        whole / size,
        {
            "seed": seed,
            "trace_kB": size / 1000,
            "without_scenes_kB": bare / 1000,
            "whole_kB": whole / 1000,
        },
    )


def _whole(path: Path) -> int:
    """Bytes of the recording that holds everything at every step, one JSON object a line."""
    trace = Trace(path)
    size = 0
    with MemoryReplay(trace.header) as memory:
        for turn in trace.turns():
            memory.apply(turn)
            record = {
                "turn": turn.turn,
                "action": turn.action,
                "reward": turn.reward,
                "texts": turn.observation,
                "info": turn.info,
                "memory": memory.files,
            }
            size += len(json.dumps(record, separators=(",", ":"))) + 1
    return size
