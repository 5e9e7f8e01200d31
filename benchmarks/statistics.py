"""Means with their uncertainty."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

#: Resamples of a bootstrap; the ends of its interval then vary by about 1% of its width.
RESAMPLES = 10_000
#: Cells of the index array that a bootstrap holds at a time.
_CELLS = 1_000_000


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean and how well it is known.

    Attributes:
        mean: The mean.
        standard_error: Its standard error; None for a single value.
        low: Lower end of the 95% bootstrap interval; None for a single value.
        high: Upper end.
        count: How many values there were.
    """

    mean: float
    standard_error: float | None
    low: float | None
    high: float | None
    count: int

    def to_json(self) -> dict[str, Any]:
        """The estimate as plain data."""
        return asdict(self)


def estimate(values: Sequence[float]) -> Estimate | None:
    """Estimates a mean from independent values.

    The interval is the percentile bootstrap of the mean (Efron & Tibshirani 1993, chapter 13), with
    a fixed seed: the same values give the same interval. Few values make it too narrow, by about
    ``sqrt((n - 1) / n)``.

    Args:
        values: The values.

    Returns:
        The estimate; None where there are no values. One value has a mean and no uncertainty that
        could be known.
    """
    if not values:
        return None
    data = np.asarray(values, float)
    mean = float(data.mean())
    if len(data) == 1:
        return Estimate(mean, None, None, None, 1)
    error = float(data.std(ddof=1)) / math.sqrt(len(data))
    low, high = np.percentile(_resampled_means(data), (2.5, 97.5))
    return Estimate(mean, error, float(low), float(high), len(data))


def _resampled_means(data: np.ndarray[Any, np.dtype[np.float64]]) -> list[float]:
    rng = np.random.default_rng(0)
    block = max(1, _CELLS // len(data))
    means: list[float] = []
    while len(means) < RESAMPLES:
        rows = min(block, RESAMPLES - len(means))
        means.extend(data[rng.integers(len(data), size=(rows, len(data)))].mean(1).tolist())
    return means


def seed_means(values: Mapping[int, Sequence[float]]) -> dict[int, float]:
    """The mean of each seed's repeats; seeds without a value are left out.

    Repeats share the seed, so they are not independent: what is estimated over a run is estimated
    over these means.
    """
    return {seed: float(np.mean(repeats)) for seed, repeats in values.items() if repeats}


def paired_difference(
    first: Mapping[int, Sequence[float]], second: Mapping[int, Sequence[float]]
) -> Estimate | None:
    """Estimates the mean of ``second - first`` over the seeds that both have.

    Args:
        first: Values by seed, one for each repeat.
        second: Values by seed.

    Returns:
        The estimate over seeds; None where no seed is in both.
    """
    one, two = seed_means(first), seed_means(second)
    return estimate([two[seed] - one[seed] for seed in sorted(one.keys() & two.keys())])
