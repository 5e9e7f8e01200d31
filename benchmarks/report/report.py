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
    """

    names: tuple[str, ...]
    runs: tuple[Results, ...]
    tables: tuple[Table, ...]


def make_report(paths: Sequence[Path], runs: Sequence[Results], published: bool = False) -> Report:
    """Makes the tables of a report.

    Args:
        paths: The run directories.
        runs: Their results.
        published: Whether published figures stand beside them.
    """
    names = tuple(str(path) for path in paths)
    tables = [run_table(path, results) for path, results in zip(paths, runs, strict=True)]
    named = list(zip(names, runs, strict=True))
    by_game = game_table(named, published)
    if by_game is not None:
        tables.append(by_game)
    for name, results in named[1:]:
        tables.append(difference_table((names[0], name), runs[0], results))
        spent = model_comparison((names[0], name), (summarise(runs[0]), summarise(results)))
        if spent is not None:
            tables.append(spent)
    worth = worth_table(runs)
    if worth is not None:
        tables.append(worth)
    return Report(names, tuple(runs), tuple(_marked(table, named) for table in tables))


def _marked(table: Table, runs: Sequence[tuple[str, Results]]) -> Table:
    """A table that says what is owed, where it tells of more than one run."""
    if any(table.title == name for name, _ in runs):
        return table
    return replace(
        table,
        warnings=tuple(
            f"owed: {count} of the episodes of {name}, which are in none of these figures"
            for name, results in runs
            if (count := sum(result is None or bool(result.error) for _, result in results))
        ),
    )
