"""Results as tables on the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from statistics import fmean

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from benchmarks.episode import Episode
from benchmarks.episode_result import EpisodeResult
from benchmarks.measures import SHOWN
from benchmarks.model_tables import model_cells, print_model_comparison
from benchmarks.short_ids import short_ids
from benchmarks.statistics import Estimate, paired_difference, seed_means
from benchmarks.summary import Results, Summary, by_seed, summarise

#: Width of what is printed to a file or a pipe, in characters; a table must not be cut there.
_FILE_WIDTH = 160


def make_console() -> Console:
    """The console of a command: as wide as the terminal, or wide where there is none."""
    console = Console()
    return console if console.is_terminal else Console(width=_FILE_WIDTH)


#: Episodes that are named, at most, when they are owed.
_NAMED = 20


def print_run(console: Console, path: Path, results: Results) -> None:
    """Prints the results of a run, a column an environment, and the episodes it owes."""
    summaries = summarise(results)
    table = Table(title=escape(str(path)), title_justify="left", title_style="bold")
    table.add_column("", overflow="fold")
    for header in short_ids([summary.env_id for summary in summaries]):
        table.add_column(escape(header), justify="right", overflow="fold")
    rows = [[*_cells(summary), *model_cells(summary, summaries)] for summary in summaries]
    for name, *cells in zip(*rows, strict=True) if rows else ():
        table.add_row(name[0], *(escape(text) for _, text in (name, *cells)))
    console.print(table)
    owed = [(e, r) for e, r in results if r is None or r.error]
    if owed:
        _print_owed(console, path, owed)


def _print_owed(
    console: Console, path: Path, owed: Sequence[tuple[Episode, EpisodeResult | None]]
) -> None:
    for episode, result in owed[:_NAMED]:
        why = result.reason if result else "not played yet"
        console.print(f"[red]owed[/]: {escape(episode.name)}: {escape(why)}", soft_wrap=True)
    if len(owed) > _NAMED:
        console.print(f"[red]owed[/]: {len(owed) - _NAMED} more")
    console.print(
        "Owed episodes failed or were not played: they are in no figure, and the same command "
        "plays them again.",
        soft_wrap=True,
    )
    failed = next((episode for episode, result in owed if result), None)
    if failed:
        place = path / failed.folder / "result.json"
        console.print(f"A traceback is in {place}", markup=False, highlight=False, soft_wrap=True)


def _cells(summary: Summary) -> list[tuple[str, str]]:
    """The rows of one environment: label and text."""
    commands = summary.commands_per_100_steps
    by_kind = "  ".join(f"{kind} {rate:.2f}" for kind, rate in commands.items())
    return [
        ("episodes", f"{summary.episodes}" + (f" ({summary.owed} owed)" if summary.owed else "")),
        ("progression, %", percent(summary.progression)),
        ("  95% interval", interval(summary.progression, 100)),
        ("return", plus_minus(summary.episode_return)),
        ("game steps", plus_minus(summary.game_steps, digits=1)),
        ("turns", plus_minus(summary.turns, digits=1)),
        ("memory commands / 100 steps", f"{sum(commands.values()):.2f}"),
        ("  by kind", by_kind or "-"),
        ("  refused", f"{summary.refused_per_100_steps:.2f}"),
        *(
            (label, plus_minus(summary.memory[name], scale, digits))
            for name, (label, scale, digits) in SHOWN.items()
        ),
        ("invalid actions / 100 steps", f"{summary.invalid_per_100_steps:.2f}"),
        ("steps/s", rate(summary.steps_per_second)),
        ("ends", "  ".join(f"{end} {count}" for end, count in summary.ends.items()) or "-"),
    ]


def rate(value: float) -> str:
    """A rate; a slow one with two decimal places, as it may be far below 1."""
    return f"{value:,.0f}" if value >= 10 else f"{value:.2f}"


def percent(value: Estimate | None) -> str:
    """A mean in [0, 1] in percent, with its standard error."""
    return plus_minus(value, 100, 1)


def plus_minus(value: Estimate | None, scale: float = 1, digits: int = 2) -> str:
    """A mean with its standard error."""
    if value is None:
        return "-"
    mean = f"{scale * value.mean:,.{digits}f}"
    if value.standard_error is None:
        return mean
    return f"{mean} ± {scale * value.standard_error:,.{digits}f}"


def interval(value: Estimate | None, scale: float = 1) -> str:
    """The 95% interval of a mean."""
    if value is None or value.low is None or value.high is None:
        return "-"
    return f"{scale * value.low:.1f} to {scale * value.high:.1f}"


def print_comparison(
    console: Console, names: tuple[str, str], first: Results, second: Results
) -> None:
    """Prints, per environment that both runs have, the paired difference of the progression."""
    title = f"{names[1]} minus {names[0]}, paired by seed (progression, %)"
    table = Table(title=escape(title), title_justify="left", title_style="bold")
    table.add_column("environment", overflow="fold")
    for header in ("seeds", names[0], names[1], "difference", "95% interval"):
        table.add_column(escape(header), justify="right", overflow="fold")
    env_ids = list(dict.fromkeys(episode.env_id for episode, _ in first))
    for env_id, label in zip(env_ids, short_ids(env_ids), strict=True):
        one, two = progressions(first, env_id), progressions(second, env_id)
        difference = paired_difference(one, two)
        if difference is None:
            continue
        means = [seed_means(values) for values in (one, two)]
        common = means[0].keys() & means[1].keys()
        table.add_row(
            escape(label),
            str(difference.count),
            *(f"{100 * fmean(mean[seed] for seed in common):.1f}" for mean in means),
            percent(difference),
            interval(difference, 100),
        )
    if table.row_count:
        console.print(table)
        print_model_comparison(console, names, (summarise(first), summarise(second)))
    else:
        nothing = f"{title}: the runs have no environment and seed in common"
        console.print(nothing, markup=False, soft_wrap=True)


def progressions(results: Results, env_id: str) -> dict[int, list[float]]:
    """The progressions of an environment's finished episodes, by seed."""
    finished = (
        result
        for episode, result in results
        if episode.env_id == env_id and result is not None and not result.error
    )
    return by_seed(finished, lambda result: result.progression)
