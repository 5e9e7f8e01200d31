"""Interleaved rounds: two ways to do the same work, in turn, so that a busy machine slows both."""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median

from benchmarks.speed.subject import Measurement

#: Does the work of a round, given its number, which also serves as a seed; returns how many units
#: of work it did, and the seconds that they took.
Work = Callable[[int], tuple[int, float]]

FEWEST_ROUNDS = 3


def compare(ours: Work, theirs: Work, seconds: float) -> Measurement:
    """Compares two rates.

    Args:
        ours: One way.
        theirs: The other.
        seconds: Time to spend; :data:`FEWEST_ROUNDS` rounds are played in any case, after one that
            does not count.

    Returns:
        The median over rounds of our rate by theirs; the details are the median rates.
    """
    ours(0), theirs(0)
    rates: list[tuple[float, float]] = []
    end = time.perf_counter() + seconds
    while len(rates) < FEWEST_ROUNDS or time.perf_counter() < end:
        number = len(rates) + 1
        rates.append((_rate(ours(number)), _rate(theirs(number))))
    return Measurement(
        median(one / other for one, other in rates),
        {
            "ours_per_s": median(one for one, _ in rates),
            "theirs_per_s": median(other for _, other in rates),
            "rounds": len(rates),
        },
    )


def _rate(done: tuple[int, float]) -> float:
    units, seconds = done
    return units / seconds
