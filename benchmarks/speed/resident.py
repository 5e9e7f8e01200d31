"""How much memory a live environment takes, and a raw engine."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from benchmarks.speed.engines import make_ours, make_raw
from benchmarks.speed.fresh_process import in_fresh_process, resident_bytes
from benchmarks.speed.subject import Measurement

#: Environments that live at the same time; the first ones pay for what all share.
_SHARED, _LIVE = 2, 10


def resident(seconds: float, game: str) -> Measurement:
    """Megabytes of a live environment, over those that all environments share.

    Args:
        seconds: Not used: the count of environments is fixed.
        game: Name of the game.
    """
    ours = in_fresh_process(_megabytes, make_ours, game)
    raw = in_fresh_process(_megabytes, make_raw, game)
    return Measurement(ours, {"raw_MB": raw, "more_than_raw_MB": ours - raw})


def _megabytes(make: Callable[[str], Any], game: str) -> float:
    live = []
    before = 0
    for number in range(_SHARED + _LIVE):
        if number == _SHARED:
            before = resident_bytes()
        env = make(game)
        env.reset()
        live.append(env)
    return (resident_bytes() - before) / _LIVE / 1e6
