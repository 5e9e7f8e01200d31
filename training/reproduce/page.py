"""The report of the experiment, as a page with its replays beside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from benchmarks.replay import write_replay
from benchmarks.report.page import write_page
from benchmarks.report.report import Report
from benchmarks.report.table import Table
from benchmarks.short_ids import short_ids
from benchmarks.summary import Results
from training.reproduce.experiment import Experiment, Part
from training.reproduce.rounds import run_folder
from training.reproduce.tables import comparison_table, power_table, stage_table

PAGE = "report.html"


def tables(experiment: Experiment, results: Mapping[str, Results]) -> list[Table]:
    """All tables of the report."""
    seeds = len({episode.seed for episode, _ in next(iter(results.values()))})
    suite = comparison_table(
        experiment, results, experiment.suite, "differences on the memory suite"
    )
    told = (*suite.notes, experiment.shows, experiment.cannot_show)
    return [
        power_table(experiment, seeds),
        stage_table(experiment, results),
        replace(suite, notes=tuple(filter(None, told))),
        *(
            comparison_table(experiment, results, [env_id], f"differences on {label}")
            for env_id, label in zip(
                experiment.env_ids, short_ids(list(experiment.env_ids)), strict=True
            )
        ),
    ]


def write_report(
    experiment: Experiment, results: Mapping[str, Results], out: Path, say: Callable[[str], None]
) -> Path:
    """Writes the page, and the replays of the first round.

    Raises:
        OSError: They cannot be written.
    """
    names = tuple(arm.name for arm in experiment.arms)
    links = ((f"replay: {part.name}", replay(out, part).name) for part in experiment.parts)
    report = Report(
        names,
        tuple(results[name] for name in names),
        tuple(tables(experiment, results)),
        tuple(links),
    )
    write_page(report, out / PAGE)
    for part in experiment.parts:
        arms = [arm for arm in experiment.arms if experiment.player(arm, part) == arm]
        runs = [run_folder(out, arm, part, 0) for arm in arms]
        write_replay(runs, replay(out, part), say)
    return out / PAGE


def replay(out: Path, part: Part) -> Path:
    """The replay of a part's first round, all arms side by side."""
    return out / f"replay-{part.name}.html"
