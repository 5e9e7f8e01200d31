"""A model that works with tools: what it takes for one piece of work after the other."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from agents.accounting import Budget, Ledger
from agents.model import ToolModel
from agents.scaffold.prompts.prompts import Prompts
from training.structure.reviewers.calls import CALLS, Calls
from training.structure.reviewers.conversation import Conversation
from training.structure.reviewers.desk import Desk, Errand
from training.structure.reviewers.session import Session
from training.structure.reviewers.settings import Settings
from training.structure.reviewers.toolbox import Toolbox


@dataclass(frozen=True, slots=True)
class Worker:
    """A model that works.

    Attributes:
        model: The model.
        ledger: Counts what it takes, and ends it when the budget is spent; None where nobody
            counts.
        settings: How long a piece of work may be.
        budget: Tells before each one the ledger's budget, for others may have spent of it since
            the last one; None where it stays as it is.
    """

    model: ToolModel
    ledger: Ledger | None = None
    settings: Settings = field(default_factory=Settings)
    budget: Callable[[], Budget] | None = None

    def work(
        self,
        errand: Errand,
        folder: Path,
        conversation: Conversation,
        toolbox: Toolbox,
        prompts: Prompts,
    ) -> None:
        """Carries out one piece of work.

        Each call is written down in the folder, as it is answered. Work that was interrupted takes
        its answers from there, in order, and carries out once more what they ask for, which gives
        the same results; so it comes to where it stopped, and nothing is paid for twice.

        Args:
            errand: What is asked for.
            folder: Where its calls are written down.
            conversation: What the model is told first.
            toolbox: What it works with.
            prompts: What it is told on the way, see :class:`Session`.

        Raises:
            UnfinishedError: The model did not finish.
            BudgetSpentError: Nothing more may be spent.
            ModelError: The model could not be asked.
            ValueError: What was recorded in the folder is damaged.
        """
        if self.ledger is not None and self.budget is not None:
            self.ledger.budget = self.budget()
        with closing(Calls(folder / CALLS)) as calls:
            desk = Desk(self.model, toolbox.tools, calls, self.ledger, errand)
            Session(conversation, desk, toolbox, prompts, self.settings).run()
