"""Models that the driver holds, as the agent of a worker process sees them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from agents.model import ChatModel, Completion, Message, ToolCompletion
from benchmarks.models.wire import Offer

#: Asks the driver: role, method, arguments.
Asking = Callable[[str, str, tuple[Any, ...]], Any]


class RemoteModel:
    """A chat model that the driver is asked for.

    Args:
        ask: Asks the driver.
        role: Under which role the driver holds the model.
        name: The model's name.
    """

    def __init__(self, ask: Asking, role: str, name: str) -> None:
        self._ask = ask
        self._role = role
        self.name = name

    def generate(self, messages: Sequence[Message], seed: int) -> Completion:
        """Asks the driver; see :class:`agents.model.ChatModel`."""
        done: Completion = self._ask(self._role, "generate", (tuple(messages), seed))
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
        done: ToolCompletion = self._ask(self._role, "call", arguments)
        return done


def remote_models(ask: Asking, offers: Mapping[str, Offer]) -> dict[str, ChatModel]:
    """The models that the driver offers, by role."""
    return {
        role: (RemoteToolModel if "call" in offer.methods else RemoteModel)(ask, role, offer.name)
        for role, offer in offers.items()
    }
