"""How runs differ from the first one, seed by seed."""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks.report.cells import chance, interval, percent
from benchmarks.report.games import ALL, game_of
from benchmarks.report.table import Cell, Row, Table
from benchmarks.short_ids import short_ids
from benchmarks.statistics import CHANGE, Difference, paired_difference
from benchmarks.statistics.difference import BySeed
from benchmarks.summary import Results, progressions

COLUMNS = ("difference", "95% interval", "p")


def difference_table(names: tuple[str, str], first: Results, second: Results) -> Table:
    """The paired difference of the progression of two runs: by task, by game, and over all."""
    title = f"{names[1]} minus {names[0]}, paired by seed (progression, %)"
    tasks = {
        env_id: (progressions(first, env_id), progressions(second, env_id))
        for env_id in dict.fromkeys(episode.env_id for episode, _ in first)
    }
    rows = [
        row
        for label, pairs in zip(short_ids(list(tasks)), tasks.values(), strict=True)
        if (row := _row(label, [pairs]))
    ]
    if not rows:
        nothing = f"{title}: the runs have no environment and seed in common"
        return Table(title, ("environment",), (), notes=(nothing,))
    shared = [env_id for env_id, pairs in tasks.items() if paired_difference([pairs])]
    games: dict[str, list[tuple[BySeed, BySeed]]] = {}
    for env_id in shared:
        games.setdefault(game_of(env_id, (first, second)), []).append(tasks[env_id])
    sums = {f"{game}, mean of {len(of)} tasks": of for game, of in games.items() if len(of) > 1}
    if len(games) > 1:
        sums[f"{ALL} {len(shared)} tasks"] = [tasks[env_id] for env_id in shared]
    rows += [row for label, pairs in sums.items() if (row := _row(label, pairs))]
    notes = (
        "p: how often flipping the signs of the seeds' differences at random gives a mean as far "
        "from 0; it says nothing where the same seeds were used to choose between the runs.",
    )
    return Table(title, ("environment", "seeds", *names, *COLUMNS), tuple(rows), notes)


def _row(label: str, tasks: Sequence[tuple[BySeed, BySeed]]) -> Row | None:
    difference = paired_difference(tasks, CHANGE)
    if difference is None:
        return None
    return Row(
        label,
        (
            Cell(str(difference.estimate.count), difference.estimate.count),
            *(Cell(f"{100 * mean:.1f}", mean) for mean in (difference.first, difference.second)),
            *difference_cells(difference),
        ),
    )


def difference_cells(difference: Difference) -> tuple[Cell, ...]:
    """The cells of :data:`COLUMNS`."""
    return (
        percent(difference.estimate),
        interval(difference.estimate),
        chance(difference.p_value),
    )
