"""OpenSimplex noise in three dimensions, at fixed points and for any seed, all at once.

Which lattice points reach a point, and how strongly, does not depend on the seed; only the
gradient that sits on a lattice point does. So the geometry is worked out once, and a seed costs one
lookup of gradients and one weighted sum. The values are those of the ``opensimplex`` library up to
rounding.
"""

from __future__ import annotations

import itertools

import numpy as np
from numpy.typing import NDArray

# The constants of Kurt Spencer's OpenSimplex (2014), three dimensions.
_STRETCH = -1 / 6
_SQUISH = 1 / 3
_NORM = 103
_REACH = 2  # the square of the distance at which a lattice point's contribution ends
_GRADIENTS = np.array(
    [
        np.multiply(long_axis, (x, y, z))
        for z, y, x in itertools.product((1, -1), (1, -1), (-1, 1))
        for long_axis in ((11, 4, 4), (4, 11, 4), (4, 4, 11))
    ],
    dtype=np.float64,
)


def permutation(seed: int) -> NDArray[np.int64]:
    """The shuffled numbers 0 to 255 by which the ``opensimplex`` library hashes lattice points.

    Args:
        seed: The seed of ``opensimplex.OpenSimplex``.
    """

    def scramble(state: int) -> int:
        # Knuth's MMIX generator, in signed 64 bits.
        state = (state * 6364136223846793005 + 1442695040888963407) & (2**64 - 1)
        return state - 2**64 if state >= 2**63 else state

    for _ in range(3):
        seed = scramble(seed)
    source = list(range(256))
    shuffled = [0] * 256
    for last in range(255, -1, -1):
        seed = scramble(seed)
        chosen = (seed + 31) % (last + 1)
        shuffled[last] = source[chosen]
        source[chosen] = source[last]
    return np.array(shuffled)


class Noise:
    """Noise at fixed points: ``Noise(points)(permutation(seed))`` has one value per point.

    Args:
        points: Coordinates, shape (n, 3).
    """

    def __init__(self, points: NDArray[np.float64]) -> None:
        # Summed as the library does it: a different rounding could choose another tetrahedron.
        stretched = points + ((points[:, 0] + points[:, 1] + points[:, 2]) * _STRETCH)[:, None]
        cell = np.floor(stretched).astype(np.int64)
        heard = _Heard(stretched - cell)
        from_cell = (points - cell - cell.sum(axis=1, keepdims=True) * _SQUISH).T.copy()
        owners, corners, weights = [], [], []
        for offset in itertools.product((-1, 0, 1, 2), repeat=3):  # all that can be in reach
            shift = np.array(offset) + sum(offset) * _SQUISH
            strength = _REACH - sum((d - s) ** 2 for d, s in zip(from_cell, shift, strict=True))
            owner = np.flatnonzero(strength > 0)
            owner = owner[heard(owner, np.array(offset))]
            owners.append(owner)
            corners.append(cell[owner] + offset)
            weights.append((from_cell[:, owner] - shift[:, None]) * strength[owner] ** 4 / _NORM)
        order = np.argsort(np.concatenate(owners), kind="stable")
        self._starts = np.searchsorted(np.concatenate(owners)[order], np.arange(len(points)))
        self._weights = np.concatenate(weights, axis=1)[:, order]
        # Lattice points are shared between many points: hash each once.
        hashed = np.concatenate(corners)[order] & 0xFF
        packed = (hashed[:, 0] << 16) | (hashed[:, 1] << 8) | hashed[:, 2]
        self._lattice, index = np.unique(packed, return_inverse=True)
        self._index = index.astype(np.int32)

    def __call__(self, shuffled: NDArray[np.int64]) -> NDArray[np.float64]:
        """The noise of the seed with this permutation, shape (n,); values lie in [-1, 1]."""
        x, y, z = self._lattice >> 16, self._lattice >> 8, self._lattice
        key = shuffled[(shuffled[(shuffled[x] + y) & 0xFF] + z) & 0xFF]
        gradients = _GRADIENTS[key % len(_GRADIENTS)].T.copy()
        total = self._weights[0] * gradients[0].take(self._index)
        total += self._weights[1] * gradients[1].take(self._index)
        total += self._weights[2] * gradients[2].take(self._index)
        values: NDArray[np.float64] = np.add.reduceat(total, self._starts)
        return values


class _Heard:
    """Which lattice points in reach the algorithm counts.

    In the octahedron in the middle of a cell it counts all of them. In the tetrahedra at the cell's
    two ends it counts the four corners and two more, chosen by the two corners that lie closest,
    and so leaves out what a third would add (some 1e-5).

    Args:
        inside: The points' places within their cells, in stretched coordinates; shape (n, 3).
    """

    def __init__(self, inside: NDArray[np.float64]) -> None:
        x, y, z = inside.T
        total = x + y + z
        self._far = total >= 2
        self._octahedron = (total > 1) & ~self._far
        # The far end is the near end turned around. Turning by the sign keeps every comparison,
        # ties included, exactly what the library makes of it.
        sign = np.where(self._far, -1.0, 1.0)
        x, y, z = sign * x, sign * y, sign * z
        origin = sign * (np.where(self._far, 3.0, 1.0) - total)
        first = np.where((x < y) & (z > x), 2, 0)
        second = np.where((x >= y) & (z > y), 2, 1)
        first_score = np.where(first == 2, z, x)
        second_score = np.where(second == 2, z, y)
        axes = np.eye(3, dtype=np.int64)
        both = axes[first] + axes[second]
        single = np.where((second_score > first_score)[:, None], axes[second], axes[first])
        beside = ((origin > first_score) | (origin > second_score))[:, None]
        # Beside the origin: the closest axis less either other one; else the two closest axes
        # together, with and without the third taken off.
        low = axes[np.argmin(single, axis=1)]
        self._extra = (
            np.where(beside, single - low, both),
            np.where(beside, single - (1 - single - low), both - (1 - both)),
        )

    def __call__(self, points: NDArray[np.intp], offset: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Whether each of these points counts the lattice point at this offset from its cell."""
        turned = np.where(self._far[points, None], 1 - offset, offset)
        corner = (turned >= 0).all(axis=1) & (turned.sum(axis=1) <= 1)
        heard: NDArray[np.bool_] = self._octahedron[points] | corner
        for extra in self._extra:
            heard |= (turned == extra[points]).all(axis=1)
        return heard
