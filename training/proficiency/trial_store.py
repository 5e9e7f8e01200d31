"""The ledger of trials on disk: each is written whole, when it is decided, or not at all."""

from __future__ import annotations

import json
import tomllib
from dataclasses import asdict
from pathlib import Path
from typing import Any, get_args

from benchmarks import toml
from benchmarks.whole_file import replace_file
from training.proficiency.recipe import Recipe
from training.proficiency.trial import Trial, Verdict
from training.structure.directory import SearchError

_RECIPE, _TRIAL, _SELECTOR = "recipe.toml", "trial.json", "selector.py"


class TrialStore:
    """The trials of a search.

    A trial's folder holds ``recipe.toml`` as soon as it was proposed, ``selection/`` and
    ``training/`` (the adapter in it) as they come, and ``trial.json`` when it is decided. What a
    killed process has left half done is no trial: the next one goes on from it.

    Args:
        root: The directory of the search.
    """

    def __init__(self, root: Path) -> None:
        self._root = root

    def folder(self, number: int) -> Path:
        """The folder of a trial; made where it is not there."""
        path = self._root / "trials" / f"{number:03}"
        path.mkdir(parents=True, exist_ok=True)
        return path

    def recipe(self, number: int) -> Recipe | None:
        """The recipe of a trial; None where it was not proposed yet.

        Raises:
            SearchError: What is there is damaged.
        """
        path = self.folder(number) / _RECIPE
        try:
            return Recipe.from_toml(tomllib.loads(path.read_text("utf-8")))
        except FileNotFoundError:
            return None
        except ValueError as error:
            raise SearchError(f"{path} is damaged: {error}") from error

    def save_recipe(self, number: int, recipe: Recipe) -> None:
        """Keeps a recipe, before anything is done with it."""
        replace_file(self.folder(number) / _RECIPE, toml.dumps(recipe.to_toml()))

    def selector(self, number: int, recipe: Recipe) -> str:
        """The selector of a recipe by its name; one that was written for it stands in a file."""
        if not recipe.selector_source:
            return recipe.selection.selector
        path = self.folder(number) / _SELECTOR
        replace_file(path, recipe.selector_source)
        return str(path)

    def trial(self, number: int) -> Trial | None:
        """A trial that is decided; None where it is not yet.

        Raises:
            SearchError: What is there is damaged.
        """
        path = self.folder(number) / _TRIAL
        try:
            told: dict[str, Any] = json.loads(path.read_text("utf-8"))
        except FileNotFoundError:
            return None
        except ValueError as error:
            raise SearchError(f"{path} is damaged: {error}") from error
        recipe = self.recipe(number)
        try:
            trial = Trial(**{**told, "recipe": recipe})
        except TypeError as error:
            raise SearchError(f"{path} is damaged: {error}") from error
        if problem := _problem(trial, number):
            raise SearchError(f"{path} is damaged: {problem}")
        return trial

    def save(self, trial: Trial) -> None:
        """Keeps a trial that is decided."""
        told = {**asdict(trial), "recipe": None}
        replace_file(self.folder(trial.number) / _TRIAL, json.dumps(told, indent=1) + "\n")

    def trials(self) -> list[Trial]:
        """The trials that are decided, in order."""
        found: list[Trial] = []
        folders = sorted(self._root.glob(f"trials/*/{_TRIAL}"))
        for number in range(1, len(folders) + 1):
            trial = self.trial(number)
            if trial is None:
                break
            found.append(trial)
        return found


def _problem(trial: Trial, number: int) -> str:
    """What is wrong with a trial that was read."""
    if trial.number != number:
        return f"it is that of trial {trial.number}"
    if trial.verdict not in get_args(Verdict):
        return f"the verdict is one of {', '.join(get_args(Verdict))}, not {trial.verdict!r}"
    if trial.recipe is None and trial.verdict in ("kept", "turned down"):
        return f"it was {trial.verdict}, and its recipe is gone: there is no {_RECIPE}"
    return ""
