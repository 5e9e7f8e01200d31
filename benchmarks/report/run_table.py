"""The table of a run: a column an environment."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from benchmarks.episode import Episode
from benchmarks.episode_result import EpisodeResult
from benchmarks.measures import SHOWN, UNPRODUCTIVE
from benchmarks.report.cells import interval, number, percent, plus_minus, rate
from benchmarks.report.model_rows import model_rows
from benchmarks.report.table import Cell, Row, Table
from benchmarks.short_ids import short_ids
from benchmarks.summary import Results, Summary, summarise

#: Episodes that are named, at most, when they are owed.
_NAMED = 20


def run_table(path: Path, results: Results) -> Table:
    """The results of a run, and the episodes it owes."""
    summaries = summarise(results)
    return Table(
        str(path),
        ("", *short_ids([summary.env_id for summary in summaries])),
        (
            *(Row(label, tuple(map(cell, summaries))) for label, cell in _rows(summaries)),
            *model_rows(summaries),
        ),
        warnings=tuple(_owed(path, [(e, r) for e, r in results if r is None or r.error])),
    )


def _owed(path: Path, owed: Sequence[tuple[Episode, EpisodeResult | None]]) -> list[str]:
    if not owed:
        return []
    said = [
        f"owed: {episode.name}: {result.reason if result else 'not played yet'}"
        for episode, result in owed[:_NAMED]
    ]
    if len(owed) > _NAMED:
        said.append(f"owed: {len(owed) - _NAMED} more")
    said.append(
        "Owed episodes failed or were not played: they are in no figure, and the same command "
        "plays them again."
    )
    failed = next((episode for episode, result in owed if result), None)
    if failed:
        said.append(f"A traceback is in {path / failed.folder / 'result.json'}")
    return said


def _episodes(summary: Summary) -> Cell:
    owed = f" ({summary.owed} owed)" if summary.owed else ""
    return Cell(f"{summary.episodes}{owed}", summary.episodes)


def _by_kind(summary: Summary) -> Cell:
    rates = summary.commands_per_100_steps
    return Cell("  ".join(f"{kind} {value:.2f}" for kind, value in rates.items()) or "-")


def _ends(summary: Summary) -> Cell:
    return Cell("  ".join(f"{end} {count}" for end, count in summary.ends.items()) or "-")


def _measure(name: str, scale: float, digits: int) -> Callable[[Summary], Cell]:
    return lambda summary: plus_minus(summary.memory[name], scale, digits)


def _share(kind: str) -> Callable[[Summary], Cell]:
    return lambda summary: percent(summary.unproductive[kind])


def _rows(summaries: Sequence[Summary]) -> Iterator[tuple[str, Callable[[Summary], Cell]]]:
    """The rows: the label of each, and its cell for an environment."""
    yield "episodes", _episodes
    if any(summary.failures for summary in summaries):
        yield "  failed attempts", lambda summary: number(summary.failures, 0)
    yield from _ROWS


_ROWS: tuple[tuple[str, Callable[[Summary], Cell]], ...] = (
    ("progression, %", lambda summary: percent(summary.progression)),
    ("  95% interval", lambda summary: interval(summary.progression)),
    ("return", lambda summary: plus_minus(summary.episode_return)),
    ("game steps", lambda summary: plus_minus(summary.game_steps, digits=1)),
    ("turns", lambda summary: plus_minus(summary.turns, digits=1)),
    (
        "memory commands / 100 steps",
        lambda summary: number(sum(summary.commands_per_100_steps.values())),
    ),
    ("  by kind", _by_kind),
    ("  refused", lambda summary: number(summary.refused_per_100_steps)),
    *((label, _measure(name, scale, digits)) for name, (label, scale, digits) in SHOWN.items()),
    *((label, _share(kind)) for kind, label in UNPRODUCTIVE.items()),
    ("invalid actions / 100 steps", lambda summary: number(summary.invalid_per_100_steps)),
    ("steps/s", lambda summary: Cell(rate(summary.steps_per_second), summary.steps_per_second)),
    ("ends", _ends),
)
"""The rows that every run has, below the number of its episodes."""
