"""What a chat model is: from a conversation to a completion."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

from agents.model.completion import Completion
from agents.model.message import Message


@runtime_checkable
class ChatModel(Protocol):
    """Answers conversations. May be asked from many threads at once.

    Attributes:
        name: What it is called in traces, prices and tables.
    """

    @property
    def name(self) -> str:
        """What it is called in traces, prices and tables."""

    def generate(self, messages: Sequence[Message], seed: int) -> Completion:
        """Continues a conversation.

        Args:
            messages: The conversation; the last message is the user's.
            seed: Seed for the sampling, non-negative and below 2**32. The same conversation and
                seed give the same answer where the backend can promise that: the local, scripted
                and recorded ones. Chat completions pass it to the server; the Messages API takes
                none.

        Raises:
            ContextTooLongError: The conversation is too long for the model.
            ModelError: No answer came, after all retries.
        """

    def close(self) -> None:
        """Frees what it holds; may be called twice."""
