"""The tables of the experiment: the stages by game, the comparisons, what they could have shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from benchmarks.report.cells import NOTHING, chance, interval, number, plus_minus, whole
from benchmarks.report.measures import MEASURES, Measure
from benchmarks.report.table import Cell, Row, Table
from benchmarks.short_ids import short_ids
from benchmarks.statistics import (
    CHANGE,
    SHARE,
    Estimate,
    estimate_over,
    paired_difference,
    seed_means,
)
from benchmarks.summary import Results, by_seed, progressions
from training.reproduce.experiment import LEVEL, POWER, Comparison, Experiment

_SUITE = "memory suite"


def power_table(experiment: Experiment, *seeds: int) -> Table:
    """What each comparison can find, stated before it is run.

    Args:
        experiment: The experiment.
        seeds: How many seeds are going to be played, or were; several where that is not known yet.
    """
    rows = tuple(
        Row(
            f"{it.arm} - {it.to}",
            (
                Cell(it.question),
                number(100 * it.deviation, 0),
                *(Cell(f"{100 * it.detectable(n):.1f}", it.detectable(n)) for n in seeds),
            ),
        )
        for it in experiment.comparisons
    )
    notes = (
        experiment.about,
        f"The smallest true difference of the suite's mean that so many seeds find {POWER:.0%} of "
        f"the time, at a level of {LEVEL:.0%}; the standard deviation of a seed's difference is "
        "that of the experiment's file.",
    )
    found = (f"{number} seeds find, points" for number in seeds)
    columns = ("comparison", "question", "deviation, points", *found)
    return Table("what the comparisons can show", columns, rows, notes)


def stage_table(experiment: Experiment, results: Mapping[str, Results]) -> Table:
    """Progression by stage and task, and what the memory was like."""
    labels = short_ids(list(experiment.env_ids))
    rows = []
    for arm in experiment.arms:
        of_arm = results[arm.name]
        cells = [_progression(of_arm, [env_id]) for env_id in experiment.env_ids]
        rows.append(Row(arm.name, (_progression(of_arm, experiment.suite), *cells)))
        for measure in MEASURES:
            tasks = (experiment.suite, *((env_id,) for env_id in experiment.env_ids))
            means = [_mean(of_arm, env_ids, measure) for env_ids in tasks]
            digits = 2 if measure.scale == 1 else 1
            shown = tuple(plus_minus(mean, measure.scale, digits) for mean in means)
            rows.append(Row(f"  {measure.label}", shown))
    notes = tuple(f"{arm.name}: {arm.about}" for arm in experiment.arms)
    title = "progression by stage, %: mean ± standard error (95% interval)"
    return Table(title, ("", _SUITE, *labels), tuple(rows), notes)


def comparison_table(
    experiment: Experiment, results: Mapping[str, Results], env_ids: Sequence[str], title: str
) -> Table:
    """The paired differences of the comparisons, over some tasks."""
    rows = tuple(
        Row(f"{it.arm} - {it.to}", _compared(it, results, env_ids)) for it in experiment.comparisons
    )
    columns = ("", "seeds", "before, %", "after, %", "times", "difference", "95% interval", "p")
    notes = tuple(f"{it.arm} - {it.to}: {it.question}" for it in experiment.comparisons)
    return Table(title, columns, rows, notes)


def _compared(
    it: Comparison, results: Mapping[str, Results], env_ids: Sequence[str]
) -> tuple[Cell, ...]:
    pairs = [
        (progressions(results[it.to], env_id), progressions(results[it.arm], env_id))
        for env_id in env_ids
    ]
    found = paired_difference(pairs, CHANGE)
    if found is None:
        return (NOTHING,) * 7
    times = found.second / found.first if found.first else None
    return (
        Cell(str(len(pairs[0][0])), len(pairs[0][0])),
        number(100 * found.first, 1),
        number(100 * found.second, 1),
        number(times, 2),
        plus_minus(found.estimate, 100, 1),
        interval(found.estimate),
        chance(found.p_value),
    )


def _progression(results: Results, env_ids: Sequence[str]) -> Cell:
    groups = [list(seed_means(progressions(results, env_id)).values()) for env_id in env_ids]
    return whole(estimate_over([group for group in groups if group], SHARE))


def _mean(results: Results, env_ids: Sequence[str], measure: Measure) -> Estimate | None:
    groups = []
    for env_id in env_ids:
        of_task = [it for at, it in results if at.env_id == env_id and it is not None]
        played = [it for it in of_task if not it.error]
        groups.append(list(seed_means(by_seed(played, measure.value)).values()))
    return estimate_over([group for group in groups if group])
