"""A reviewer that asks a model."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing

from agents.accounting import Account, Budget, Ledger, Prices
from agents.model import Call, ModelSpec, ToolModel
from training.structure.attempt import Revision
from training.structure.review import Review, review_name
from training.structure.reviewers.calls import CALLS, Calls, read_calls
from training.structure.reviewers.desk import ROLE, Desk
from training.structure.reviewers.session import Session
from training.structure.reviewers.settings import Settings
from training.structure.reviewers.toolbox import tools

__all__ = ["ROLE", "ModelReviewer", "spent"]


class ModelReviewer:
    """Revises scaffolds with a model that can call tools.

    Each call is written down in the folder of the review, as it is answered. An interrupted review
    takes its answers from there, in order, and carries out once more what they ask for, which gives
    the same results; so it comes to where it stopped, and nothing is paid for twice.

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
        self._model, self._ledger, self._budget = model, ledger, budget
        self._settings = settings or Settings()

    def revise(self, review: Review) -> Revision:
        """Revises a scaffold; see :class:`training.structure.review.Reviewer`.

        Raises:
            ReviewFailed: The model gave no revision.
            BudgetSpentError: Nothing more may be spent.
            ModelError: The model could not be asked.
            ValueError: What was recorded in the folder is damaged.
        """
        name = review_name(len(review.history) + 1)
        if self._ledger is not None and self._budget is not None:
            self._ledger.budget = self._budget()
        with closing(Calls(review.folder / CALLS)) as calls:
            desk = Desk(self._model, tools(), calls, self._ledger, name, review.seed)
            return Session(review, desk, self._settings).run()

    def close(self) -> None:
        """Closes the model; may be called twice."""
        self._model.close()


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
