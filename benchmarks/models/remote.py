"""Models that the driver holds, as the agent of a worker process sees them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from agents.model import ChatModel, Completion, Message, ToolCompletion
from benchmarks.models.line import Line
from benchmarks.models.wire import Offer


class RemoteModel:
    """A chat model that is asked through a pipe.

    Args:
        line: The pipe.
        role: Under which role the driver holds the model.
        name: The model's name.
    """

    def __init__(self, line: Line, role: str, name: str) -> None:
        self._line = line
        self._role = role
        self.name = name

    def generate(self, messages: Sequence[Message], seed: int) -> Completion:
        """Asks the driver; see :class:`agents.model.ChatModel`."""
        done: Completion = self._line.ask(self._role, "generate", (tuple(messages), seed))
        return done

    def close(self) -> None:
        """The driver closes the model."""


class RemoteToolModel(RemoteModel):
    """The same for a model that can also call tools."""

    def call(
        self,
        system: str,
        messages: Sequence[Mapping[str, Any]],
        tools: Sequence[Mapping[str, Any]],
        seed: int,
        force: str = "",
    ) -> ToolCompletion:
        """Asks the driver; see :class:`agents.model.ToolModel`."""
        arguments = (system, list(messages), list(tools), seed, force)
        done: ToolCompletion = self._line.ask(self._role, "call", arguments)
        return done


def remote_models(line: Line, offers: Mapping[str, Offer]) -> dict[str, ChatModel]:
    """The models that the driver offers, by role."""
    return {
        role: (RemoteToolModel if "call" in offer.methods else RemoteModel)(line, role, offer.name)
        for role, offer in offers.items()
    }
