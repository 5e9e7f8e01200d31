"""A long episode is a run like any other."""

from __future__ import annotations

from pathlib import Path

from benchmarks.run_directory import RunDirectory
from benchmarks.speed.long_trace import write_long_run
from benchmarks.trace import Trace


def test_games_are_chained_into_one_episode(tmp_path: Path) -> None:
    path = write_long_run(tmp_path / "run", turns=700)
    turns = list(Trace(path).turns())
    steps = [turn.info["game_step"] for turn in turns]
    assert len(turns) == 700
    assert steps == sorted(steps)
    assert len({turn.info["game_time"] for turn in turns}) > 1
    ((_, result),) = RunDirectory(tmp_path / "run").results()
    assert result is not None
    assert (result.turns, result.game_steps, result.error) == (700, steps[-1], "")
    assert result.curves["memory_chars"]["steps"] == len({*steps} - {0})
