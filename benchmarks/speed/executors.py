"""What executors gain, and what they take to start."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.episode import Episode
from benchmarks.executors.catalogue import Placement
from benchmarks.executors.executor import Outcome
from benchmarks.models.desk import ModelDesk
from benchmarks.speed.engines import ENGINES
from benchmarks.speed.fresh_process import in_fresh_process
from benchmarks.speed.rounds import compare
from benchmarks.speed.subject import Measurement

#: A round: episodes and their most game steps; so many that starting processes and the end of a
#: round, where one process has nothing left to play, matter as little as in a run of a suite.
_EPISODES, _STEPS = 32, 500


def two_processes(seconds: float) -> Measurement:
    """Episodes a second of two processes, to those of one; needs two idle cores.

    Args:
        seconds: Time to spend.
    """
    with _all_cores():
        return compare(lambda number: _play(2, number), lambda number: _play(1, number), seconds)


def ray_start(seconds: float) -> Measurement:
    """Seconds from nothing to the end of a first short episode on a Ray cluster of this machine.

    Args:
        seconds: Not used: it is done once, in a fresh process.
    """
    with _all_cores():
        found = {name: in_fresh_process(_first, name) for name in ("ray", "processes")}
    return Measurement(found["ray"], {"with_processes_s": found["processes"]})


def _first(executor: str) -> float:
    """Seconds that a first short episode takes, the start of all that it needs included."""
    start = time.perf_counter()
    _run(Placement(executor), [_episode(1, 5)])
    return time.perf_counter() - start


def _play(workers: int, number: int) -> tuple[int, float]:
    episodes = [_episode(number * _EPISODES + place, _STEPS) for place in range(_EPISODES)]
    start = time.perf_counter()
    _run(Placement("processes", workers), episodes)
    return len(episodes), time.perf_counter() - start


def _episode(seed: int, steps: int) -> Episode:
    return Episode(ENGINES["crafter"][0], seed, agent="explorer", max_game_steps=steps)


def _run(placement: Placement, episodes: list[Episode]) -> None:
    folder = Path(tempfile.mkdtemp())
    desk = ModelDesk({})
    try:
        for event in placement.open(desk, None).run(episodes, folder):
            if isinstance(event, Outcome) and event.result.error:
                raise RuntimeError(event.result.error)
    finally:
        desk.close()
        shutil.rmtree(folder)


@contextmanager
def _all_cores() -> Iterator[None]:
    """Uses all cores meanwhile; other measurements have one."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, range(os.cpu_count() or 1))
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)
