"""What a thousand resets leave behind."""

from __future__ import annotations

import time

from benchmarks.speed.engines import make_ours
from benchmarks.speed.fresh_process import in_fresh_process, open_files, resident_bytes
from benchmarks.speed.subject import Measurement

#: The first resets fill caches and pools.
_FIRST, _RESETS = 100, 1000


def growth(seconds: float, game: str) -> Measurement:
    """Kilobytes by which a process grows with each reset.

    Args:
        seconds: Not used: the count of resets is fixed.
        game: Name of the game.
    """
    return in_fresh_process(_growth, game)


def _growth(game: str) -> Measurement:
    env = make_ours(game)
    for seed in range(_FIRST):
        env.reset(seed=seed)
    memory, files = resident_bytes(), open_files()
    start = time.perf_counter()
    for seed in range(_FIRST, _FIRST + _RESETS):
        env.reset(seed=seed)
    taken = time.perf_counter() - start
    return Measurement(
        (resident_bytes() - memory) / _RESETS / 1000,
        {
            "files_before": files,
            "files_after": open_files(),
            "ms_per_reset": 1000 * taken / _RESETS,
        },
    )
