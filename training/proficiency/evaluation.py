"""Plays the pair with an adapter, or without one, on the seeds of a stage."""

from __future__ import annotations

from pathlib import Path
from statistics import fmean

from rich.console import Console

from agents.accounting import Prices
from agents.model import ModelSpec
from benchmarks.executors.catalogue import Placement
from benchmarks.models.weights import weights_digest
from benchmarks.run_directory import RunDirectory
from training.proficiency.settings import SPECIALIST, ProficiencySettings
from training.structure.evaluation import Evaluator, Stage, evaluation_folder
from training.structure.outcome import memory_measure
from training.structure.spending import Spending

#: In the place of an adapter's digest: the base plays both roles.
BASE = "base"
#: Measures of the memory that the ledger of trials holds.
_MEASURES = ("writes_per_search", "redundant_writes", "growth_per_step", "consult_before_write")


class Arena:
    """Plays contestants: the pair with this or that adapter.

    The models of one contestant are open at a time, because they need the memory of a device.

    Args:
        root: The directory of the search.
        settings: What is played.
        spending: Counts episodes and calls.
        placement: Where episodes are played.
        prices: What models cost.
        console: Where progress is shown.
        quiet: Whether little is to be shown.
    """

    def __init__(
        self,
        root: Path,
        settings: ProficiencySettings,
        spending: Spending,
        placement: Placement,
        prices: Prices,
        console: Console,
        quiet: bool = False,
    ) -> None:
        self._root, self._settings = root, settings
        self._means = (spending, placement, prices, console, quiet)
        self._open: tuple[Path | None, Evaluator] | None = None

    def scores(self, adapter: Path | None, stage: Stage, count: int) -> list[float]:
        """Plays what is not played yet, and tells the scores.

        Args:
            adapter: The adapter's directory; None for the base in both roles.
            stage: What it is played for.
            count: Of the stage's seeds the first so many.

        Returns:
            The score of each seed, in order: its mean progression over the environments.

        Raises:
            SearchStoppedError: A budget is spent, or episodes are owed.
        """
        evaluator = self._evaluator(adapter)
        return evaluator.scores(str(adapter or ""), self.digest(adapter), stage, count)[:count]

    def folder(self, adapter: Path | None, stage: str) -> Path:
        """The run directory of a contestant's episodes of a stage."""
        return evaluation_folder(self._root, self.digest(adapter), stage)

    def digest(self, adapter: Path | None) -> str:
        """What names a contestant: the digest of its adapter's files."""
        if adapter is None:
            return BASE
        models = self._settings.configuration(str(adapter), (0,)).models
        return weights_digest(ModelSpec.from_json(models[SPECIALIST]))

    def measures(self, adapter: Path | None, stage: str) -> dict[str, float]:
        """Mean memory measures of a contestant's finished episodes of a stage."""
        finished = RunDirectory(self.folder(adapter, stage)).finished()
        found = {}
        for name in _MEASURES:
            values = [it for it in map(memory_measure(name), finished) if it is not None]
            if values:
                found[name] = round(fmean(values), 4)
        return found

    def _evaluator(self, adapter: Path | None) -> Evaluator:
        if self._open is not None and self._open[0] == adapter:
            return self._open[1]
        self.close()
        self._open = adapter, Evaluator(self._root, self._settings, *self._means)
        return self._open[1]

    def close(self) -> None:
        """Closes the models; may be called twice."""
        if self._open is not None:
            self._open[1].close()
            self._open = None
