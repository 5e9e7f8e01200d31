"""A model that calls tools: from a conversation and tools to calls of them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, Self, runtime_checkable

from agents.model.chat_model import ChatModel
from agents.model.completion import Completion, Usage
from agents.model.message import Message


@dataclass(frozen=True, slots=True)
class ToolCompletion:
    """A model's answer in blocks, some of which call tools.

    Attributes:
        content: The blocks as plain data, in the form of the Messages API: ``text``, ``tool_use``,
            ``thinking``; the conversation goes on with them as they are.
        usage: What it took.
        stop_reason: As in :class:`Completion`.
        latency: As in :class:`Completion`.
    """

    content: tuple[Mapping[str, Any], ...]
    usage: Usage = field(default_factory=Usage)
    stop_reason: str = "end"
    latency: float = 0.0

    @property
    def tool_uses(self) -> Iterator[Mapping[str, Any]]:
        """The blocks that call a tool, each with ``id``, ``name`` and ``input``."""
        return (block for block in self.content if block["type"] == "tool_use")

    def to_completion(self) -> Completion:
        """The same as a completion, whose text is the JSON of the blocks: for traces."""
        return Completion(to_json(self.content), self.usage, self.stop_reason, self.latency)

    @classmethod
    def from_completion(cls, completion: Completion) -> Self:
        """Reads what :meth:`to_completion` gave: for replays.

        Raises:
            ValueError: Its text is no JSON of blocks.
        """
        content = json.loads(completion.text)
        if not isinstance(content, list) or not all(isinstance(b, dict) for b in content):
            raise ValueError(f"no blocks of an answer with tools: {completion.text:.80}")
        return cls(tuple(content), completion.usage, completion.stop_reason, completion.latency)


@runtime_checkable
class ToolModel(ChatModel, Protocol):
    """A chat model that can also call tools. May be asked from many threads at once."""

    def call(
        self,
        system: str,
        messages: Sequence[Mapping[str, Any]],
        tools: Sequence[Mapping[str, Any]],
        seed: int,
        force: str = "",
    ) -> ToolCompletion:
        """Continues a conversation.

        Args:
            system: The system message.
            messages: The conversation in the form of the Messages API, as plain data: ``role`` and
                ``content`` blocks; the last one is the user's.
            tools: The tools, in the form of the Messages API.
            seed: As in :meth:`agents.model.ChatModel.generate`.
            force: Name of the tool that it must call, where it can be made to.

        Raises:
            ContextTooLongError: The conversation is too long for the model.
            ModelError: No answer came, after all retries.
        """


def to_json(content: object) -> str:
    """Content as one line of JSON; ascii, because models write what UTF-8 cannot hold."""
    return json.dumps(content, separators=(",", ":"))


def recorded_messages(system: str, messages: Sequence[Mapping[str, Any]]) -> tuple[Message, ...]:
    """A conversation with tools as messages whose texts are the JSON of their blocks.

    This is how a :class:`agents.model.Call` holds it; the system message stays as it is.
    """
    return (
        Message("system", system),
        *(Message(message["role"], to_json(message["content"])) for message in messages),
    )
