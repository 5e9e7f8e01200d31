"""Successive halving over a small grid of recipes, without any model.

All recipes of the grid are tried with little data; the better half with twice as much, and so on
(Karnin, Koren and Somekh, 2013; Jamieson and Talwalkar, 2016).
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any

from training.proficiency.engines.engine import TrialLedger
from training.proficiency.recipe import Recipe
from training.proficiency.trial import Trial


class Halving:
    """Tries the grid by successive halving.

    Args:
        grid: A file with recipes, as ``recipes.toml`` beside this module; that one by default.
        rungs: How often the data are doubled at most: the first rung has ``most / 2 ** rungs``
            answers.

    Raises:
        ValueError: The file is no grid.
        OSError: It cannot be read.
    """

    def __init__(self, grid: str = "", rungs: int = 2) -> None:
        if type(rungs) is not int or rungs < 0:
            raise ValueError(f"rungs is a whole number, 0 or more, not {rungs!r}")
        self._rungs = rungs
        path = Path(grid) if grid else files(__package__) / "recipes.toml"
        try:
            self._grid = _grid(tomllib.loads(path.read_text(encoding="utf-8")))
        except ValueError as error:
            raise ValueError(f"{path}: {error}") from error

    def propose(self, ledger: TrialLedger) -> Recipe | None:
        """As :meth:`training.proficiency.engines.Engine.propose`."""
        done = list(ledger.trials)
        contenders = list(range(len(self._grid)))
        for rung in range(self._rungs + 1):
            tried, done = done[: len(contenders)], done[len(contenders) :]
            if len(tried) < len(contenders):
                return self._scaled(contenders[len(tried)], rung)
            if len(contenders) == 1:
                return None
            contenders = _better_half(contenders, tried)
        return None

    def _scaled(self, number: int, rung: int) -> Recipe:
        recipe = self._grid[number]
        part = 2 ** (self._rungs - rung)
        most = max(1, recipe.selection.most // part)
        title = f"{recipe.title} (1/{part} of the answers)" if part > 1 else recipe.title
        reason = f"rung {rung + 1} of {self._rungs + 1} of successive halving"
        selection = replace(recipe.selection, most=most)
        return replace(recipe, title=title, reason=reason, selection=selection)


def _grid(data: Mapping[str, Any]) -> list[Recipe]:
    tables = data.get("recipe", [])
    fits = isinstance(tables, list) and tables and all(isinstance(it, Mapping) for it in tables)
    if not fits or len(data) > 1:
        raise ValueError("a grid has entries [[recipe]], one at least, and nothing else")
    found = []
    for number, table in enumerate(tables, 1):
        try:
            found.append(Recipe.from_toml(table))
        except ValueError as error:
            raise ValueError(f"recipe {number}: {error}") from error
    return found


def _better_half(contenders: Sequence[int], tried: Sequence[Trial]) -> list[int]:
    """The half that scored better; of equals, the earlier ones. What failed scored nothing."""
    ranked = sorted(
        zip(contenders, tried, strict=True),
        key=lambda pair: -1.0 if pair[1].score is None else pair[1].score,
        reverse=True,
    )
    return [number for number, _ in ranked[: (len(ranked) + 1) // 2]]
