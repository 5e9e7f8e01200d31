"""An engine that asks a model."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

from agents.accounting import Budget, Prices
from agents.scaffold.prompts.prompts import Prompts
from training.proficiency.engines.engine import ProposalFailed, TrialLedger, proposal_name
from training.proficiency.engines.trial_text import table_text
from training.proficiency.engines.workspace import Workspace
from training.proficiency.recipe import Recipe
from training.structure.reviewers.conversation import Conversation
from training.structure.reviewers.desk import Errand
from training.structure.reviewers.session import UnfinishedError
from training.structure.reviewers.tool_models import open_tool_model
from training.structure.reviewers.toolbox import Toolbox, tools
from training.structure.reviewers.worker import Worker
from training.structure.workspace import page

#: The role of the model, in ledgers and recordings.
ROLE = "engine"
#: Trials that are listed in the beginning; the tool of this name has all.
_LISTED = 30
_PROMPTS = Prompts.of_folder(Path(__file__).parent / "prompts")


class ModelEngine:
    """Proposes recipes with a model that can call tools.

    An interrupted proposal goes on where it stopped; see :meth:`Worker.work`.

    Args:
        worker: The model.
    """

    def __init__(self, worker: Worker) -> None:
        self._worker = worker

    @classmethod
    @contextmanager
    def opened(
        cls,
        name: str,
        arguments: Mapping[str, Any],
        ledger: Path,
        prices: Prices,
        budget: Callable[[], Budget],
    ) -> Iterator[Self]:
        """Opens a model, and closes it in the end; see :func:`open_tool_model`."""
        with open_tool_model(ROLE, name, arguments, ledger, prices, budget) as worker:
            yield cls(worker)

    def propose(self, ledger: TrialLedger) -> Recipe | None:
        """As :meth:`training.proficiency.engines.Engine.propose`.

        Raises:
            ProposalFailed: The model came to no recipe.
            BudgetSpentError: Nothing more may be spent.
            ModelError: The model could not be asked.
            SearchStoppedError: An episode that was collected is damaged, or was edited.
            ValueError: What was recorded in the folder is damaged.
        """
        number = len(ledger.trials) + 1
        workspace = Workspace(ledger)
        begin = {
            "number": number,
            "most": ledger.most_trials,
            "trials": page(table_text(ledger.trials[-_LISTED:])) if ledger.trials else "",
            "calls": self._worker.settings.calls,
        }
        conversation = Conversation(_PROMPTS.render("system", {}), _PROMPTS.render("begin", begin))
        errand = Errand(ROLE, "propose", proposal_name(number), ledger.seed)
        toolbox = Toolbox(workspace, tools(__package__))
        try:
            self._worker.work(errand, ledger.folder, conversation, toolbox, _PROMPTS)
        except UnfinishedError as error:
            raise ProposalFailed(str(error)) from error
        return workspace.recipe
