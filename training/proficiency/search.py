"""The search: collection, then trial after trial, each decided once, wherever it is interrupted.

The flow of control is gone through anew in every invocation; what is decided already is read from
the disk. So a search can be killed anywhere and started again.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from rich.console import Console

from agents.accounting import account_in
from benchmarks.terminal.plain_text import plain_lines
from training.proficiency.adapter_training import AdapterTraining, TrainingFailed
from training.proficiency.engines import Engine, ProposalFailed, TrialLedger
from training.proficiency.engines.engine import proposal_name
from training.proficiency.evaluation import Arena
from training.proficiency.recipe import Recipe
from training.proficiency.selection import SelectionError, UnfitRunsError, select
from training.proficiency.selection_folder import write_selection
from training.proficiency.selectors import SelectorError
from training.proficiency.settings import ProficiencySettings
from training.proficiency.trial import Trial
from training.proficiency.trial_store import TrialStore
from training.structure.contest import contest
from training.structure.evaluation import Stage
from training.structure.gate import Gate
from training.structure.spending import Spending
from training.structure.stopped import SearchStoppedError

#: The stage whose episodes are learnt from.
COLLECTION = "training"


@dataclass(frozen=True, slots=True)
class Contestant:
    """What a trial is measured against.

    Attributes:
        trial: Number of the trial that made it; 0 for the base.
        adapter: Its adapter; None for the base.
    """

    trial: int = 0
    adapter: Path | None = None


class ProficiencySearch:
    """A search for a better memory specialist.

    Args:
        root: Its directory.
        settings: How it goes.
        arena: Plays contestants.
        gate: Decides on trials.
        engine: Proposes recipes.
        training: Trains adapters.
        spending: Counts what is spent.
        console: Where progress is shown.
        workers: Processes that read traces.

    Attributes:
        trials: The trials that are decided.
        best: The best contestant so far.
    """

    def __init__(
        self,
        root: Path,
        settings: ProficiencySettings,
        arena: Arena,
        gate: Gate,
        engine: Engine,
        training: AdapterTraining,
        spending: Spending,
        console: Console,
        workers: int = 1,
    ) -> None:
        self._settings, self._arena, self._gate = settings, arena, gate
        self._engine, self._training = engine, training
        self._spending, self._console, self._workers = spending, console, workers
        self._store = TrialStore(root)
        self.trials: list[Trial] = []
        self.best = Contestant()
        #: What came of the confirmations so far, for the gate.
        self._confirmed: list[bool] = []

    def run(self) -> None:
        """Goes on to the end.

        Raises:
            SearchStoppedError: A budget is spent, or episodes are owed; what is there is kept.
            ModelError: The engine's model could not be asked.
            TraceError: A recorded episode is damaged, or was edited.
            SearchError: What was kept of a trial is damaged.
        """
        self.collect()
        for number in range(1, self._settings.trials + 1):
            if self._trial(number).verdict == "exhausted":
                return

    def collect(self) -> Path:
        """Plays the base on the training seeds.

        Returns:
            The run directory.
        """
        stage = Stage(COLLECTION, self._settings.training_seeds)
        self._arena.scores(None, stage, len(stage.seeds))
        return self._arena.folder(None, COLLECTION)

    def _trial(self, number: int) -> Trial:
        trial = self._store.trial(number)
        if trial is None:
            trial = replace(self._decide(number), cost=self._cost(number))
            self._store.save(trial)
            title = trial.recipe.title if trial.recipe is not None else ""
            line = f"{number:03} {trial.verdict}: {title or 'no recipe'}\n    {trial.reason}"
            # An engine that is a model has written the title.
            self._console.print(plain_lines(line), markup=False, highlight=False)
        self.trials.append(trial)
        if trial.confirmation:
            self._confirmed.append(trial.verdict == "kept")
        if trial.verdict == "kept":
            self.best = Contestant(number, self._adapter(number))
        return trial

    def _decide(self, number: int) -> Trial:
        """Lets a recipe be proposed, carries it out, and decides on what it made."""
        recipe = self._store.recipe(number)
        draft = Trial(number, recipe, "failed", "", parent=self.best.trial)
        if recipe is None:
            self._spending.check()
            try:
                recipe = self._engine.propose(self._ledger(number))
            except ProposalFailed as error:
                return replace(draft, reason=str(error))
            if recipe is None:
                reason = "the engine has nothing more to propose"
                return replace(draft, verdict="exhausted", reason=reason)
            self._store.save_recipe(number, recipe)
        draft = replace(draft, recipe=recipe)
        try:
            data, told = self._select(number, recipe)
            draft = replace(draft, data=told)
            losses = self._training.train(data, recipe.lora, self._adapter(number))
        except UnfitRunsError as error:
            raise SearchStoppedError(str(error)) from error
        except (SelectionError, SelectorError, TrainingFailed) as error:
            # The recipe's fault, and worth knowing for whoever proposes the next one. A trace that
            # is damaged is not: it ends the command, and nothing is decided.
            return replace(draft, reason=str(error))
        return self._judge(replace(draft, training=losses))

    def _cost(self, number: int) -> dict[str, float]:
        """What the engine took for a trial."""
        spent = account_in(self._spending.proposals, proposal_name(number))
        return {"usd": spent.cost, "tokens": spent.usage.tokens, "calls": spent.calls}

    def _ledger(self, number: int) -> TrialLedger:
        folder = self._store.folder(number) / "engine"
        folder.mkdir(exist_ok=True)
        return TrialLedger(
            trials=tuple(self.trials),
            collection=self._arena.folder(None, COLLECTION),
            scaffold=self._settings.scaffold,
            folder=folder,
            seed=self._settings.seed * 1_000 + number,
            most_trials=self._settings.trials,
            selections={
                trial.number: self._selection(trial.number) for trial in self.trials if trial.data
            },
        )

    def _select(self, number: int, recipe: Recipe) -> tuple[Path, dict[str, Any]]:
        """The data of a trial, and what is told of them."""
        settings = replace(recipe.selection, selector=self._store.selector(number, recipe))
        runs = [self._arena.folder(None, COLLECTION)]
        selection = select(runs, settings, self._settings.scaffold, self._workers)
        path = write_selection(self._selection(number), selection)
        told = selection.to_json()
        told.pop("shown")  # those stand in the folder
        return path, told

    def _selection(self, number: int) -> Path:
        return self._store.folder(number) / "selection"

    def _adapter(self, number: int) -> Path:
        return self._store.folder(number) / "training" / "adapter"

    def _judge(self, draft: Trial) -> Trial:
        """Plays what the gate asks for, until it has decided."""
        own, parent = self._adapter(draft.number), self.best.adapter
        found = contest(
            self._gate,
            self._confirmed,
            self._settings.seeds,
            *(partial(self._arena.scores, adapter) for adapter in (own, parent)),
        )
        scores: dict[str, dict[str, float]] = {"parent": {}, "own": {}}
        for seed, (old, new) in zip(self._settings.seeds.screening, found.screening, strict=False):
            scores["parent"][str(seed)], scores["own"][str(seed)] = old, new
        return replace(
            draft,
            verdict="kept" if found.kept else "turned down",
            reason=found.reason,
            scores=scores,
            measures={
                "parent": self._arena.measures(parent, "screening"),
                "own": self._arena.measures(own, "screening"),
            },
            confirmation=found.confirmed,
        )

    def report(self) -> tuple[Path, Path]:
        """Plays the base and the best on seeds that nothing has decided on.

        Returns:
            Their run directories.
        """
        stage = Stage("report", self._settings.seeds.report)
        for adapter in (None, self.best.adapter):
            self._arena.scores(adapter, stage, len(stage.seeds))
        return self._arena.folder(None, "report"), self._arena.folder(self.best.adapter, "report")
