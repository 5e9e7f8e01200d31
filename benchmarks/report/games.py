"""The progression of runs by game, beside what was published."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from benchmarks.report.cells import whole
from benchmarks.report.published import published_note, published_rows
from benchmarks.report.table import Row, Table
from benchmarks.short_ids import short_ids
from benchmarks.statistics import SHARE, estimate_over, interquartile_mean, seed_means
from benchmarks.summary import Results, progressions

ALL = "all"


def game_of(env_id: str, runs: Iterable[Results]) -> str:
    """The game of a task, as its episodes tell; the task itself where they do not."""
    for results in runs:
        for episode, result in results:
            if episode.env_id == env_id and result is not None and result.game:
                return result.game
    return short_ids([env_id])[0]


def game_table(runs: Sequence[tuple[str, Results]], published: bool) -> Table | None:
    """Progression by game: the mean over its tasks, and the interquartile mean of their seeds.

    Args:
        runs: The runs and their names.
        published: Whether rows of published agents stand below, where their games are among them.

    Returns:
        The table; None where nothing has a progression.
    """
    results = [of_run for _, of_run in runs]
    env_ids = list(dict.fromkeys(episode.env_id for of_run in results for episode, _ in of_run))
    games: dict[str, list[str]] = {}
    for env_id in env_ids:
        if any(progressions(of_run, env_id) for of_run in results):
            games.setdefault(game_of(env_id, results), []).append(env_id)
    if not games:
        return None
    rows = []
    for name, of_run in runs:
        scores = {
            game: [list(seed_means(progressions(of_run, env_id)).values()) for env_id in tasks]
            for game, tasks in games.items()
        }
        rows.append(Row(name, tuple(whole(estimate_over(s, SHARE)) for s in scores.values())))
        middles = tuple(whole(interquartile_mean(s)) for s in scores.values())
        rows.append(Row("  interquartile mean", middles))
    notes: tuple[str, ...] = ()
    if published:
        beside = published_rows(list(games))
        rows += beside
        notes = (published_note(),) if beside else ()
    columns = [_header(game, tasks, results) for game, tasks in games.items()]
    title = "progression by game, %: mean ± standard error (95% interval)"
    return Table(title, ("", *columns), tuple(rows), notes)


def _header(game: str, tasks: Sequence[str], runs: Sequence[Results]) -> str:
    missing = any(not progressions(of_run, env_id) for of_run in runs for env_id in tasks)
    several = f", {len(tasks)} tasks" if len(tasks) > 1 else ""
    return f"{game}{several}{' (not all in each run)' if missing and several else ''}"
