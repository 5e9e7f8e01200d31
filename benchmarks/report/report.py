"""All tables of a report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.report.differences import difference_table
from benchmarks.report.games import game_table
from benchmarks.report.memory_worth import worth_table
from benchmarks.report.model_rows import model_comparison
from benchmarks.report.run_table import run_table
from benchmarks.report.table import Table
from benchmarks.summary import Results, summarise


@dataclass(frozen=True)
class Report:
    """What is told of some runs.

    Attributes:
        names: What each run is called: its path.
        runs: Their results, in the order given.
        tables: The tables, each of which says what is owed.
        links: Pages beside it: what each is called, and its address from there.
    """

    names: tuple[str, ...]
    runs: tuple[Results, ...]
    tables: tuple[Table, ...]
    links: tuple[tuple[str, str], ...] = ()


def make_report(paths: Sequence[Path], runs: Sequence[Results], published: bool = False) -> Report:
    """Makes the tables of a report.

    Args:
        paths: The run directories.
        runs: Their results.
        published: Whether published figures stand beside them.
    """
    named = [(str(path), results) for path, results in zip(paths, runs, strict=True)]
    tables = [run_table(path, results) for path, results in zip(paths, runs, strict=True)]
    tables += _warned(named, game_table(named, published))
    for other in named[1:]:
        pair = [named[0], other]
        names, (first, second) = (pair[0][0], other[0]), (pair[0][1], other[1])
        spent = model_comparison(names, (summarise(first), summarise(second)))
        tables += _warned(pair, difference_table(names, first, second), spent)
    tables += _warned(named, worth_table(runs))
    return Report(tuple(name for name, _ in named), tuple(runs), tuple(tables))


def _warned(runs: Sequence[tuple[str, Results]], *tables: Table | None) -> list[Table]:
    """Those tables of some runs that there are, with what these runs owe."""
    warnings = tuple(
        f"owed: {count} of the episodes of {name}, which are in none of these figures"
        for name, results in runs
        if (count := sum(result is None or bool(result.error) for _, result in results))
    )
    return [replace(table, warnings=warnings) for table in tables if table is not None]
