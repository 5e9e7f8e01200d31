"""Asks a model that works with tools: each call once, paid for, written down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Errand:
    """What a model is asked for, as ledgers and recordings call it.

    Attributes:
        role: The role of the model.
        routine: What it does.
        name: Which one of these it is.
        seed: Its seed.
    """

    role: str
    routine: str
    name: str
    seed: int


class Desk:
    """Asks the model.

    Args:
        model: The model.
        tools: Its tools.
        calls: What it was asked before, and where it is written down.
        ledger: Counts what is paid, and ends it when the budget is spent; None where nobody counts.
        errand: What the model is asked for.
    """

    def __init__(
        self,
        model: ToolModel,
        tools: Sequence[Mapping[str, Any]],
        calls: Calls,
        ledger: Ledger | None,
        errand: Errand,
    ) -> None:
        self._model, self._tools, self._calls = model, tools, calls
        self._ledger, self._errand = ledger, errand
        self._caller = Caller({errand.role: model}, errand.seed)

    @property
    def role(self) -> str:
        """The role of the model."""
        return self._errand.role

    def ask(self, conversation: Conversation) -> ToolCompletion:
        """Asks the model to continue a conversation, which is shortened where it does not fit.

        Raises:
            BudgetSpentError: Nothing more may be spent.
            ModelError: No answer came.
        """

        def answer(messages: tuple[Message, ...], seed: int) -> Completion:
            return self._answer(conversation, messages, seed)

        self._caller.begin_turn()
        role, routine = self._errand.role, self._errand.routine
        completion = self._caller.converse(role, routine, conversation, answer)
        return ToolCompletion.from_completion(completion)

    def _answer(
        self, conversation: Conversation, messages: tuple[Message, ...], seed: int
    ) -> Completion:
        role, routine = self._errand.role, self._errand.routine
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
            self._calls.add(Overflow(role, seed, messages, error.tokens, error.limit))
            raise
        completion = answer.to_completion()
        # First what makes sure that it is not asked, and paid for, once more.
        self._calls.add(Call(role, routine, self._model.name, seed, messages, completion))
        if self._ledger is not None:
            self._ledger.record(role, answer, self._errand.name, routine)
        return completion
