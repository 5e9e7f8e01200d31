"""The sign-flip test on many comparisons at once."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from training.structure.gate.noise import Bools, Floats

#: Differences up to which all signs are tried; above, as many are drawn as sign_flip_p draws.
_EXACT = 12
_DRAWN = 100_000
#: Signs that are tried before the comparisons that have lost are set aside.
_BLOCK = 2_000
_CELLS = 20_000_000
#: Sums are of single precision here.
_ROUNDING = 1e-5

Signs = NDArray[np.float32]


def at_most(differences: Floats, levels: Floats) -> Bools:
    """Whether the one-sided sign-flip p of each comparison is at most its level.

    The same as ``chance_of_better(pairs) <= level``, but for other drawn signs. Because more signs
    can only raise p, a comparison is given up as soon as it is above its level.

    Args:
        differences: Revision minus parent; shape (comparisons, seeds).
        levels: The levels; shape (comparisons,).
    """
    seeds = differences.shape[1]
    # By symmetry only assignments with one sign fixed are tried, and |sums| are counted.
    all_signs, seen = (2.0**seeds, 0) if seeds <= _EXACT else (2.0 * (_DRAWN + 1), 1)
    data = differences.astype(np.float32)
    total, size = data.sum(axis=1), np.abs(data).sum(axis=1)
    reach = total - _ROUNDING * size
    far = np.full(len(data), seen, np.int64)
    limits = np.floor(levels * all_signs + 1e-9)
    left = np.flatnonzero((total > _ROUNDING * size) & (far <= limits))
    for signs in _signs(seeds):
        step = max(1, _CELLS // len(signs))
        for rows in np.split(left, range(step, len(left), step)):
            sums = np.abs(data[rows] @ signs.T)
            far[rows] += np.count_nonzero(sums >= reach[rows, None], axis=1)
        left = left[far[left] <= limits[left]]
    won: Bools = np.zeros(len(data), np.bool_)
    won[left] = True
    return won


def _signs(seeds: int) -> Iterator[Signs]:
    table = _table(seeds)
    for start in range(0, len(table), _BLOCK):
        yield table[start : start + _BLOCK]


@lru_cache(maxsize=8)
def _table(seeds: int) -> Signs:
    if seeds <= _EXACT:
        bits = np.arange(2 ** (seeds - 1))[:, None] >> np.arange(seeds) & 1
    else:
        bits = np.random.default_rng(seeds).integers(2, size=(_DRAWN, seeds), dtype=np.int8)
    return (2 * bits - 1).astype(np.float32)
