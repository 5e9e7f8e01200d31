"""A reviewer that asks a model."""

from __future__ import annotations

from collections.abc import Callable

from agents.accounting import Account, Budget, Ledger, Prices
from agents.model import Call, ModelSpec, ToolModel
from training.structure.attempt import Revision
from training.structure.review import Review, review_name
from training.structure.reviewers.beginning import opened
from training.structure.reviewers.calls import CALLS, read_calls
from training.structure.reviewers.desk import Errand
from training.structure.reviewers.failure import ReviewFailed
from training.structure.reviewers.session import UnfinishedError
from training.structure.reviewers.settings import Settings
from training.structure.reviewers.toolbox import Toolbox, tools
from training.structure.reviewers.words import PROMPTS
from training.structure.reviewers.worker import Worker
from training.structure.workspace import Workspace

#: The role of the model, in ledgers and recordings.
ROLE = "reviewer"


class ModelReviewer:
    """Revises scaffolds with a model that can call tools.

    An interrupted review goes on where it stopped; see :meth:`Worker.work`.

    Args:
        model: The model; it is closed by :meth:`close`.
        ledger: Counts what it takes, under the role :data:`ROLE`, and ends it when the budget is
            spent; None where nobody counts.
        settings: How long a review may be.
        budget: Tells before each review the ledger's budget, for others may have spent of it since
            the last one; None where it stays as it is.
    """

    def __init__(
        self,
        model: ToolModel,
        ledger: Ledger | None = None,
        settings: Settings | None = None,
        budget: Callable[[], Budget] | None = None,
    ) -> None:
        self._worker = Worker(model, ledger, settings or Settings(), budget)

    def revise(self, review: Review) -> Revision:
        """Revises a scaffold; see :class:`training.structure.review.Reviewer`.

        Raises:
            ReviewFailed: The model gave no revision.
            BudgetSpentError: Nothing more may be spent.
            ModelError: The model could not be asked.
            ValueError: What was recorded in the folder is damaged.
        """
        errand = Errand(ROLE, "review", review_name(len(review.history) + 1), review.seed)
        workspace = Workspace(review)
        conversation = opened(review, self._worker.settings.calls)
        toolbox = Toolbox(workspace, tools())
        try:
            self._worker.work(errand, review.folder, conversation, toolbox, PROMPTS)
        except UnfinishedError as error:
            raise ReviewFailed(str(error)) from error
        assert workspace.revision is not None
        return workspace.revision

    def close(self) -> None:
        """Closes the model; may be called twice."""
        self._worker.model.close()


def spent(review: Review, model: ModelSpec, prices: Prices) -> Account:
    """What the calls of a review took, those before an interruption included.

    Args:
        review: The review.
        model: The model that was asked.
        prices: What models cost.
    """
    path = review.folder / CALLS
    total = Account()
    for asked in read_calls(path) if path.exists() else ():
        if isinstance(asked, Call):
            usage = asked.completion.usage
            cost = prices.cost(model, usage)
            total += Account(1, usage, asked.completion.latency, cost or 0.0, int(cost is None))
    return total
