"""Means and differences with their uncertainty, from few seeds and from several tasks."""

from benchmarks.statistics.difference import Difference, paired_difference
from benchmarks.statistics.estimate import Estimate, estimate, estimate_over, seed_means
from benchmarks.statistics.interquartile import interquartile_mean
from benchmarks.statistics.interval import CHANGE, SHARE

__all__ = [
    "CHANGE",
    "SHARE",
    "Difference",
    "Estimate",
    "estimate",
    "estimate_over",
    "interquartile_mean",
    "paired_difference",
    "seed_means",
]
