"""Published figures, as rows beside the user's own."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from benchmarks.report.cells import NOTHING, percent
from benchmarks.report.table import Cell, Row
from benchmarks.statistics import Estimate


@cache
def _table() -> Mapping[str, Any]:
    return tomllib.loads(
        files("benchmarks.report").joinpath("published.toml").read_text(encoding="utf-8")
    )


def published_rows(games: Sequence[str]) -> list[Row]:
    """The agents that have a figure for one of some games, a cell for each game."""
    return [
        Row(f"{told['name']} (published)", tuple(_figure(told["progression"], g) for g in games))
        for told in _table()["agent"]
        if told["progression"].keys() & set(games)
    ]


def published_note() -> str:
    """Where they were published, and how they were got."""
    return f"published: {_table()['source']} {_table()['about']}"


def _figure(found: Mapping[str, Sequence[float]], game: str) -> Cell:
    if game not in found:
        return NOTHING
    mean, *error = (value / 100 for value in found[game])
    return percent(Estimate(mean, error[0] if error else None, None, None, 0))
