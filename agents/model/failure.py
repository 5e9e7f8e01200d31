"""What can go wrong between an agent and its model. None of it is ever a score."""

from __future__ import annotations


class ModelError(RuntimeError):
    """The machinery failed: no answer came, after all retries. The episode is owed."""


class ModelSetupError(ModelError):
    """It cannot work as it is set up: a wrong key, a wrong name, an adapter for another base.

    Trying again does not help, so a run stops at the first one.
    """


class BudgetSpentError(ModelError):
    """The run may spend no more. Episodes that are cut off by it are owed."""


class ContextTooLongError(ModelError):
    """A conversation does not fit into the model's context; an agent shortens it and asks again.

    Args:
        tokens: Its length, the room for the answer included; None where the server does not say.
        limit: How much the model takes; None where the server does not say.
    """

    def __init__(self, tokens: int | None = None, limit: int | None = None) -> None:
        length = "the conversation" if tokens is None else f"a conversation of {tokens:,} tokens"
        room = "the model's context" if limit is None else f"a context of {limit:,}"
        super().__init__(f"{length} does not fit into {room}")
        self.tokens = tokens
        self.limit = limit

    def __reduce__(self) -> tuple[type[ContextTooLongError], tuple[int | None, int | None]]:
        return type(self), (self.tokens, self.limit)
