"""What a report plots: progression over the runs, seed by seed, and the memory over the episode."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np

from benchmarks.episode_result import EpisodeResult
from benchmarks.measures.curve import Thinned, places
from benchmarks.report.measures import MEASURES
from benchmarks.report.plot import Plot, Point, Series
from benchmarks.report.report import Report
from benchmarks.short_ids import short_ids
from benchmarks.statistics import SHARE, Estimate, estimate, seed_means
from benchmarks.statistics.interval import Interval
from benchmarks.summary import Results, by_seed

#: Points of a curve over episodes, at most.
_GRID = 100
#: The band of a curve: the middle half of the episodes.
_BAND = (0.25, 0.75)


def plots(report: Report) -> Iterator[tuple[str, list[Plot]]]:
    """The plots of a report, a group for each environment."""
    env_ids = list(dict.fromkeys(e.env_id for results in report.runs for e, _ in results))
    for env_id, label in zip(env_ids, short_ids(env_ids), strict=True):
        runs = [_played(results, env_id) for results in report.runs]
        found = [
            _over_runs(
                "progression, %, by run and seed",
                report.names,
                [by_seed(run, lambda result: result.progression) for run in runs],
                SHARE,
                100,
            ),
            *(
                _over_runs(
                    f"{measure.label}, by run and seed",
                    report.names,
                    [by_seed(run, measure.value) for run in runs],
                    measure.bounds,
                    measure.scale,
                )
                for measure in MEASURES
            ),
            *(
                _over_steps(title, report.names, runs, name)
                for name, title in (
                    ("memory_chars", "characters in the memory: mean and middle half"),
                    (
                        "prompt_tokens",
                        "prompt tokens of a game step: mean and middle half",
                    ),
                )
            ),
        ]
        yield label, [plot for plot in found if plot is not None]


def _played(results: Results, env_id: str) -> list[EpisodeResult]:
    return [
        result
        for episode, result in results
        if episode.env_id == env_id and result is not None and not result.error
    ]


def _over_runs(
    title: str,
    names: Sequence[str],
    runs: Sequence[dict[int, list[float]]],
    bounds: Interval | None = None,
    scale: float = 1,
) -> Plot | None:
    """A value by run, in the order given: each seed pale, the mean with its interval on top."""
    means = [seed_means(run) for run in runs]
    if not any(means):
        return None
    seeds = sorted(set().union(*means))
    single = [
        Series(
            "",
            [Point(x, scale * mean[seed]) for x, mean in enumerate(means) if seed in mean],
            None,
        )
        for seed in seeds
    ]
    found = [(x, estimate(list(mean.values()), bounds)) for x, mean in enumerate(means)]
    points = [_point(x, value, scale) for x, value in found if value is not None]
    shown = [name.rstrip("/").rpartition("/")[2] for name in names]
    return Plot(title, "", [*single, Series("mean, 95% interval", points)], shown)


def _point(x: float, value: Estimate, scale: float) -> Point:
    low, high = (None if end is None else scale * end for end in (value.low, value.high))
    return Point(x, scale * value.mean, low, high)


def _over_steps(
    title: str, names: Sequence[str], runs: Sequence[Sequence[EpisodeResult]], curve: str
) -> Plot | None:
    series = []
    for number, (name, run) in enumerate(zip(names, runs, strict=True)):
        curves = [result.curves[curve] for result in run if curve in result.curves]
        curves = [each for each in curves if each["values"]]
        if curves:
            series.append(Series(name, list(_mean_curve(curves)), number, band=True))
    return Plot(title, "game step", series) if series else None


def _mean_curve(curves: Sequence[Thinned]) -> Iterator[Point]:
    """The mean of curves at some game steps, over the episodes that last until there."""
    longest = max(curve["steps"] for curve in curves)
    steps = np.unique(np.linspace(1, longest, min(_GRID, longest)).round())
    values = np.full((len(curves), len(steps)), math.nan)
    for row, curve in zip(values, curves, strict=True):
        there = steps <= curve["steps"]
        row[there] = np.interp(steps[there], places(curve), curve["values"])
    for step, column in zip(steps, values.T, strict=True):
        known = column[~np.isnan(column)]
        low, high = np.quantile(known, _BAND)
        yield Point(float(step), float(known.mean()), float(low), float(high))
