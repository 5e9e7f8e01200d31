"""What a search has come to, on seeds that nothing was decided on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.episode_result import EpisodeResult
from benchmarks.report.cells import chance
from benchmarks.report.table import Cell, Row, Table
from benchmarks.run_directory import RunDirectory
from benchmarks.short_ids import short_ids
from benchmarks.statistics import CHANGE, Difference, paired_difference
from benchmarks.summary import Results, by_seed


@dataclass(frozen=True, slots=True)
class Measure:
    """A figure of an episode.

    Attributes:
        label: How the table calls it.
        value: Reads it from a result; None where the episode does not have it.
        scale: What it is multiplied with to be shown.
        share: Whether it lies in [0, 1].
    """

    label: str
    value: Callable[[EpisodeResult], float | None]
    scale: float = 1.0
    share: bool = False


def memory_measure(name: str) -> Callable[[EpisodeResult], float | None]:
    """Reads a measure of the memory by its name; None where the episode does not have it."""

    def value(result: EpisodeResult) -> float | None:
        found: float | None = dict(result.memory).get(name)  # type: ignore[assignment]
        return found

    return value


def share_of(label: str, measure: str) -> Measure:
    """A measure of the memory that lies in [0, 1], shown in percent."""
    return Measure(label, memory_measure(measure), 100, share=True)


def _unproductive(result: EpisodeResult) -> float | None:
    steps = result.game_steps
    return sum(result.unproductive.values()) / steps if result.unproductive and steps else None


_MEASURES = (
    Measure("progression, %", lambda result: result.progression, 100, share=True),
    Measure("memory growth, characters / step", memory_measure("growth_per_step")),
    Measure("unproductive steps, %", _unproductive, 100, share=True),
    share_of("redundant writes, %", "redundant_writes"),
)


def outcome_table(first: Path, last: Path) -> Table:
    """Compares the first scaffold of a search with the last, seed by seed.

    Args:
        first: The run directory of the first one's episodes.
        last: That of the last one's.
    """
    return comparison(first, last, "The first scaffold and the last", ("first", "last"), _MEASURES)


def comparison(
    first: Path, last: Path, title: str, names: tuple[str, str], measures: Sequence[Measure]
) -> Table:
    """Compares two runs of the same episodes, seed by seed.

    Args:
        first: The run directory of the one.
        last: That of the other.
        title: Title of the table.
        names: What the two are called.
        measures: What is compared.
    """
    runs = RunDirectory(first).results(), RunDirectory(last).results()
    env_ids = list(dict.fromkeys(episode.env_id for episode, _ in runs[0]))
    rows: list[Row] = []
    for measure in measures:
        groups = {name: [env_id] for name, env_id in zip(short_ids(env_ids), env_ids, strict=True)}
        if len(env_ids) > 1:
            groups = {"all": env_ids, **groups}
        for name, of in groups.items():
            label = measure.label if name == "all" or len(groups) == 1 else f"  {name}"
            if row := _row(label, measure, of, runs):
                rows.append(row)
    note = "on seeds that no decision of the search has seen; paired by seed"
    one, other = names
    columns = ("", "seeds", one, other, f"{other} / {one}", "difference", "95% interval", "p")
    return Table(title, columns, tuple(rows), (note,))


def _row(
    label: str, measure: Measure, env_ids: Sequence[str], runs: tuple[Results, Results]
) -> Row | None:
    tasks = [
        (_values(runs[0], env_id, measure), _values(runs[1], env_id, measure)) for env_id in env_ids
    ]
    found = paired_difference(tasks, CHANGE if measure.share else None)
    return None if found is None else Row(label, _cells(found, measure.scale))


def _values(results: Results, env_id: str, measure: Measure) -> dict[int, list[float]]:
    finished = (
        result
        for episode, result in results
        if episode.env_id == env_id and result is not None and not result.error
    )
    return by_seed(finished, measure.value)


def _cells(found: Difference, scale: float) -> tuple[Cell, ...]:
    it = found.estimate
    ratio = found.second / found.first if found.first else None
    ends = (
        ""
        if it.low is None or it.high is None
        else f"{scale * it.low:.1f} to {scale * it.high:.1f}"
    )
    return (
        Cell(str(it.count), it.count),
        Cell(f"{scale * found.first:.1f}", found.first),
        Cell(f"{scale * found.second:.1f}", found.second),
        Cell("" if ratio is None else f"{ratio:.2f}", ratio),
        Cell(f"{scale * it.mean:+.1f}", it.mean),
        Cell(ends, it),
        chance(found.p_value),
    )
