"""What memory is worth: the same agent with its memory, with a part of it, and without."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from benchmarks.episode import Episode
from benchmarks.episode_result import EpisodeResult
from benchmarks.memory_span import FULL, SPAN, span_name
from benchmarks.report.cells import NOTHING, interval, percent
from benchmarks.report.differences import COLUMNS, difference_cells
from benchmarks.report.table import Cell, Row, Table
from benchmarks.short_ids import short_ids
from benchmarks.statistics import CHANGE, SHARE, estimate, paired_difference, seed_means
from benchmarks.summary import Results, progressions

CARRIED = f"{FULL}, carried from seed to seed"
#: What tells players apart but is not the memory: everything that an episode is made of, but these.
_MEMORY = ("env_id", "seed", "repeat", "after", "env_args")

#: What an episode is played by and with: names and values.
Player = frozenset[tuple[str, str]]


def worth_table(runs: Sequence[Results]) -> Table | None:
    """What the memory of each player is worth in each environment.

    Args:
        runs: Runs that differ in how long the memory lasts (``automem run --memory``) or in whether
            it is carried from seed to seed (``--carry-memory``).

    Returns:
        The table; None where the runs do not differ in that.
    """
    grouped = _grouped(runs)
    compared = {key: spans for key, spans in grouped.items() if len(spans) > 1 and FULL in spans}
    if not compared:
        return None
    env_ids = list(dict.fromkeys(env_id for _, env_id in compared))
    names = dict(zip(env_ids, short_ids(env_ids), strict=True))
    rows: list[Row] = []
    for (player, env_id), spans in compared.items():
        others = [other for other, where in compared if where == env_id]
        rows.append(Row(", ".join((names[env_id], *_apart(player, others))), (Cell(""),) * 7))
        for span in sorted(spans, key=_order):
            rows.append(Row(f"  {span}", _cells(env_id, spans[FULL], spans[span], span)))
    columns = ("memory", "seeds", "progression, %", "95% interval", *COLUMNS, "kept, %")
    notes = (
        "difference: this memory minus the full one, paired by seed. kept: this progression as a "
        "share of that with the full memory, on the same seeds. Runs of the same player with the "
        "same memory count as repeats.",
    )
    return Table("what memory is worth", columns, tuple(rows), notes)


def _cells(env_id: str, full: Results, results: Results, span: str) -> tuple[Cell, ...]:
    scores = progressions(results, env_id)
    found = estimate(list(seed_means(scores).values()), SHARE)
    shown = (Cell(str(len(scores)), len(scores)), percent(found), interval(found))
    difference = paired_difference([(progressions(full, env_id), scores)], CHANGE)
    if span == FULL or difference is None:
        return (*shown, *(NOTHING,) * 4)
    kept = difference.second / difference.first if difference.first else None
    share = NOTHING if kept is None else Cell(f"{100 * kept:.0f}", kept)
    return (*shown, *difference_cells(difference), share)


def _grouped(
    runs: Sequence[Results],
) -> Mapping[tuple[Player, str], Mapping[str, Results]]:
    """The results by player and environment, and by how long the memory lasted."""
    found: dict[tuple[Player, str], dict[str, list[tuple[Episode, EpisodeResult | None]]]] = {}
    for results in runs:
        carried = any(episode.after is not None for episode, _ in results)
        for episode, result in results:
            span = CARRIED if carried else span_name(episode.env_args)
            key = (_player(episode), episode.env_id)
            found.setdefault(key, {}).setdefault(span, []).append((episode, result))
    return found


def _player(episode: Episode) -> Player:
    """Who played: the same for episodes that differ in nothing but their memory."""
    told = {
        **{name: value for name, value in vars(episode).items() if name not in _MEMORY},
        **{name: value for name, value in episode.env_args.items() if name != SPAN},
    }
    return frozenset(_facts(told))


def _facts(told: Mapping[str, Any], holder: str = "") -> Iterator[tuple[str, str]]:
    """Nested entries one by one, as names and texts."""
    for name, value in told.items():
        if isinstance(value, Mapping):
            yield from _facts(value, f"{holder}{name}.")
        else:
            yield holder + name, str(value)


def _apart(player: Player, others: Sequence[Player]) -> list[str]:
    """What tells a player from the others in the same environment."""
    return [
        f"{name} {value or '-'}" for name, value in sorted(player - others[0].intersection(*others))
    ]


def _order(span: str) -> tuple[int, int]:
    """The full memory first, then ever less of it."""
    if span == FULL:
        return (0, 0)
    if span == CARRIED:
        return (1, 0)
    last = span.rpartition("-")[2]
    return (2, -int(last)) if last.isdigit() else (3, 0)
