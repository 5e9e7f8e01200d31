"""Means with their uncertainty."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from benchmarks.statistics.interval import Interval, mean_and_error, mean_interval


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean and how well it is known.

    Attributes:
        mean: The mean.
        standard_error: Its standard error; None where a task has a single value.
        low: Lower end of the 95% interval; None where nothing is known of how the values vary.
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


def estimate(values: Sequence[float], bounds: Interval | None = None) -> Estimate | None:
    """Estimates a mean from independent values.

    Args:
        values: The values.
        bounds: What no value can be outside of; see
            :func:`benchmarks.statistics.interval.mean_interval`, which gives the interval.

    Returns:
        The estimate; None where there are no values. One value has a mean and no uncertainty that
        could be known.
    """
    return estimate_over([values], bounds)


def estimate_over(
    groups: Sequence[Sequence[float]], bounds: Interval | None = None
) -> Estimate | None:
    """Estimates the mean over several tasks, each of which counts the same.

    Args:
        groups: The values of each task; tasks without any are left out.
        bounds: As for :func:`estimate`.

    Returns:
        The estimate; None where there are no values.
    """
    data = [np.asarray(values, np.float64) for values in groups if len(values)]
    if not data:
        return None
    count = sum(map(len, data))
    if min(map(len, data)) == 1:
        return Estimate(float(np.mean([v.mean() for v in data])), None, None, None, count)
    mean, error = mean_and_error(data)
    low, high = mean_interval(data, bounds) or (None, None)
    return Estimate(mean, error, low, high, count)


def seed_means(values: Mapping[int, Sequence[float]]) -> dict[int, float]:
    """The mean of each seed's repeats; seeds without a value are left out.

    Repeats share the seed, so they are not independent: what is estimated over a run is estimated
    over these means.
    """
    return {seed: float(np.mean(repeats)) for seed, repeats in values.items() if repeats}
