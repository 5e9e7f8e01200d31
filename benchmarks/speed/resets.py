"""What a thousand resets leave behind."""

from __future__ import annotations

import time
from typing import Any

from benchmarks.speed.engines import make_ours
from benchmarks.speed.fresh_process import in_fresh_process, open_files, resident_bytes
from benchmarks.speed.subject import Measurement

#: The first resets fill caches and pools.
_FIRST, _RESETS = 100, 1000


def growth(seconds: float, game: str) -> Measurement:
    """Kilobytes by which a process grows with each reset; the details tell of open files, too.

    Args:
        seconds: Not used: the count of resets is fixed.
        game: Name of the game.
    """
    return in_fresh_process(_growth, game)


def _growth(game: str) -> Measurement:
    return left_behind(make_ours(game), _FIRST, _RESETS)


def left_behind(env: Any, first: int, resets: int) -> Measurement:
    """What resets of an environment leave in this process.

    Args:
        env: The environment.
        first: How many resets come before those that count.
        resets: How many count.

    Returns:
        Kilobytes per reset; the details are ``more_files``, the descriptors that are open
        afterwards and were not before, and ``ms_per_reset``.
    """
    for seed in range(first):
        env.reset(seed=seed)
    memory, files = resident_bytes(), open_files()
    start = time.perf_counter()
    for seed in range(first, first + resets):
        env.reset(seed=seed)
    taken = time.perf_counter() - start
    return Measurement(
        (resident_bytes() - memory) / resets / 1000,
        {"more_files": open_files() - files, "ms_per_reset": 1000 * taken / resets},
    )
