"""Resamples of a bootstrap, as how often each value is drawn."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

#: Resamples of a bootstrap; the ends of its interval then vary by about 1% of its width.
RESAMPLES = 5_000
#: Cells of the table of resamples; with more values than 1,000 there are fewer resamples.
_CELLS = 10_000_000

Floats = NDArray[np.float64]


@lru_cache(maxsize=64)
def draws(count: int, group: int, resamples: int) -> Floats:
    """How often each of ``count`` values is drawn, in each resample; shape (resamples, count).

    The draws of a group are always the same, so the same values give the same interval.

    Args:
        count: How many values there are, and are drawn.
        group: Number of the group; those of different groups are independent.
        resamples: How many resamples.
    """
    rng = np.random.default_rng((group, count))
    table = rng.multinomial(count, np.full(count, 1 / count), size=resamples).astype(np.float64)
    table.flags.writeable = False  # it is shared by all that ask for it
    return table


def stratified(sizes: Sequence[int]) -> list[Floats]:
    """Resamples of several groups, each drawn from itself (a stratified bootstrap).

    Args:
        sizes: How many values each group has.

    Returns:
        For each group how often its values are drawn, shape (resamples, size).
    """
    resamples = max(1_000, min(RESAMPLES, _CELLS // sum(sizes)))
    return [draws(size, group, resamples) for group, size in enumerate(sizes)]
