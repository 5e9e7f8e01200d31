"""The interquartile mean: the mean of the middle half of all scores."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from benchmarks.statistics.estimate import Estimate
from benchmarks.statistics.interval import LEVEL
from benchmarks.statistics.resamples import Floats, stratified


def interquartile_mean(groups: Sequence[Sequence[float]]) -> Estimate | None:
    """Estimates the interquartile mean over all scores of some tasks (Agarwal et al. 2021).

    Of all scores together the lowest and the highest quarter are left out, rounded down, as
    ``scipy.stats.trim_mean(scores, 0.25)`` does. Interval and standard error are those of rliable's
    stratified bootstrap, which resamples the seeds within each task. Because that is too narrow for
    few seeds, its percentiles are those at which Student's t with ``scores - tasks`` degrees of
    freedom, widened by ``sqrt(scores / (scores - tasks))``, would end (Hesterberg 2015, section 5:
    the expanded percentile interval).

    Args:
        groups: The scores of each task; tasks without any are left out.

    Returns:
        The estimate; None where there are no scores. Without interval and standard error where a
        task has a single score.
    """
    data = [np.asarray(scores, np.float64) for scores in groups if len(scores)]
    if not data:
        return None
    count = sum(map(len, data))
    scores = np.concatenate(data)
    order = np.argsort(scores)
    once: Floats = np.ones((1, count))
    middle = float(_trimmed(scores[order], once)[0])
    if min(map(len, data)) == 1:
        return Estimate(middle, None, None, None, count)
    times = np.concatenate(stratified([len(scores) for scores in data]), axis=1)[:, order]
    resampled = _trimmed(scores[order], times)
    low, high = np.quantile(resampled, _tails(count, len(data)))
    return Estimate(middle, float(resampled.std(ddof=1)), float(low), float(high), count)


def _trimmed(scores: Floats, times: Floats) -> Floats:
    """The trimmed mean of each resample.

    Args:
        scores: The scores, in ascending order.
        times: How often each is drawn; shape (resamples, scores).
    """
    cut = scores.size // 4
    upto = np.cumsum(times, axis=1)
    inside = np.clip(upto, cut, scores.size - cut) - np.clip(upto - times, cut, scores.size - cut)
    means: Floats = inside @ scores / (scores.size - 2 * cut)
    return means


def _tails(count: int, groups: int) -> tuple[float, float]:
    from scipy.special import ndtr, stdtrit

    freedom = count - groups
    reach = stdtrit(freedom, (1 + LEVEL) / 2) * math.sqrt(count / freedom)
    return float(ndtr(-reach)), float(ndtr(reach))
