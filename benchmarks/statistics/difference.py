"""How much better one run is than another, on the seeds that both have played."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from benchmarks.statistics.estimate import Estimate, estimate_over, seed_means
from benchmarks.statistics.interval import Interval
from benchmarks.statistics.sign_flips import sign_flip_p

#: The values of a task by seed, one for each repeat.
BySeed = Mapping[int, Sequence[float]]


@dataclass(frozen=True, slots=True)
class Difference:
    """A paired difference.

    Attributes:
        first: Mean of the first run over the common seeds.
        second: Mean of the second run over them.
        estimate: ``second - first``; its count is that of the pairs.
        p_value: How often chance alone gives as much, see
            :func:`benchmarks.statistics.sign_flips.sign_flip_p`.
    """

    first: float
    second: float
    estimate: Estimate
    p_value: float


def paired_difference(
    tasks: Sequence[tuple[BySeed, BySeed]], bounds: Interval | None = None
) -> Difference | None:
    """Estimates the mean of ``second - first`` over the seeds that both have.

    Each task counts the same, and in it each seed, whatever the number of its repeats.

    Args:
        tasks: For each task the values of the first run and those of the second.
        bounds: What no difference can be outside of; see
            :func:`benchmarks.statistics.interval.mean_interval`.

    Returns:
        The difference; None where no task has a seed in both.

    Example:
        >>> found = paired_difference([({1: [0.1], 2: [0.2]}, {1: [0.3], 2: [0.4], 3: [0.9]})])
        >>> round(found.estimate.mean, 3), found.estimate.count, found.p_value
        (0.2, 2, 0.5)
    """
    pairs = [found for first, second in tasks if (found := _pairs(first, second))]
    groups = [[two - one for one, two in of_task] for of_task in pairs]
    difference = estimate_over(groups, bounds)
    weighted = [value / len(group) for group in groups for value in group]
    p_value = sign_flip_p(weighted)
    if difference is None or p_value is None:
        return None
    first, second = (
        estimate_over([[pair[side] for pair in of_task] for of_task in pairs]) for side in (0, 1)
    )
    assert first is not None
    assert second is not None
    return Difference(first.mean, second.mean, difference, p_value)


def _pairs(first: BySeed, second: BySeed) -> list[tuple[float, float]]:
    """The means of each seed that both have."""
    one, two = seed_means(first), seed_means(second)
    return [(one[seed], two[seed]) for seed in sorted(one.keys() & two.keys())]
