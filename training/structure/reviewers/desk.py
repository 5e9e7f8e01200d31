"""Asks the model of a review: each call once, paid for, written down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from agents.accounting import Ledger
from agents.backends.recorded import Overflow
from agents.dialogue.caller import Caller
from agents.model import (
    Call,
    Completion,
    ContextTooLongError,
    Message,
    ToolCompletion,
    ToolModel,
)
from training.structure.reviewers.calls import Calls
from training.structure.reviewers.conversation import Conversation

#: The role of the model, in ledgers and recordings.
ROLE = "reviewer"
_ROUTINE = "review"


class Desk:
    """Asks the model.

    Args:
        model: The model.
        tools: Its tools.
        calls: What it was asked before, and where it is written down.
        ledger: Counts what is paid, and ends it when the budget is spent; None where nobody counts.
        name: How the ledger calls the review.
        seed: Seed of the review.
    """

    def __init__(
        self,
        model: ToolModel,
        tools: Sequence[Mapping[str, Any]],
        calls: Calls,
        ledger: Ledger | None,
        name: str,
        seed: int,
    ) -> None:
        self._model, self._tools, self._calls = model, tools, calls
        self._ledger, self._name = ledger, name
        self._caller = Caller({ROLE: model}, seed)

    def ask(self, conversation: Conversation) -> ToolCompletion:
        """Asks the model to continue a conversation, which is shortened where it does not fit.

        Raises:
            BudgetSpentError: Nothing more may be spent.
            ModelError: No answer came.
        """

        def answer(messages: tuple[Message, ...], seed: int) -> Completion:
            return self._answer(conversation, messages, seed)

        self._caller.begin_turn()
        completion = self._caller.converse(ROLE, _ROUTINE, conversation, answer)
        return ToolCompletion.from_completion(completion)

    def _answer(
        self, conversation: Conversation, messages: tuple[Message, ...], seed: int
    ) -> Completion:
        asked = self._calls.take(messages, seed)
        if isinstance(asked, Overflow):
            raise ContextTooLongError(asked.tokens, asked.limit)
        if asked is not None:
            return asked.completion
        if self._ledger is not None:
            self._ledger.check()
        try:
            answer = self._model.call(conversation.system, conversation.turns, self._tools, seed)
        except ContextTooLongError as error:
            self._calls.add(Overflow(ROLE, seed, messages, error.tokens, error.limit))
            raise
        completion = answer.to_completion()
        # First what makes sure that it is not asked, and paid for, once more.
        self._calls.add(Call(ROLE, _ROUTINE, self._model.name, seed, messages, completion))
        if self._ledger is not None:
            self._ledger.record(ROLE, answer, self._name, _ROUTINE)
        return completion
