"""A model behind the Messages API."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import anthropic

from agents.backends.http.connections import Connection, Provider, connect, time_limits
from agents.backends.http.options import LONG_ANSWER, sampling_fields
from agents.backends.http.text import sendable, sendable_data
from agents.backends.messages.answer import Answer, read_answer, read_stream
from agents.model import Completion, Message, ModelSetupError, ModelSpec
from agents.model.tool_model import ToolCompletion

#: The last version of the API whose requests may hold ``temperature`` and ``top_p``.
SAMPLING_VERSION = "2023-06-01"
#: In the place of an assistant's message without words, which the API does not take.
NOTHING_SAID = "(nothing)"
_KEPT = {"type": "ephemeral"}


class MessagesModel:
    """Asks one model through the Messages API.

    Args:
        spec: The model.
        connection: How it is asked.
    """

    def __init__(self, spec: ModelSpec, connection: Connection[anthropic.AsyncAnthropic]) -> None:
        self.name = spec.name
        self._sampling = spec.sampling
        self._connection = connection
        self._options = connection.request
        stream = connection.request.stream
        self._stream = spec.sampling.max_tokens > LONG_ANSWER if stream is None else stream
        self._forcing = True
        self._closed = False

    def generate(self, messages: Sequence[Message], seed: int) -> Completion:
        """Continues a conversation; see :class:`agents.model.ChatModel`."""
        system = "\n\n".join(message.text for message in messages if message.role == "system")
        turns = [
            {"role": message.role, "content": _spoken(message)}
            for message in messages
            if message.role != "system"
        ]
        answer, latency = self._ask(self._body(system, turns), seed)
        return Completion(answer.text, answer.usage, answer.stop_reason, latency)

    def call(
        self,
        system: str,
        messages: Sequence[Mapping[str, Any]],
        tools: Sequence[Mapping[str, Any]],
        seed: int,
        force: str = "",
    ) -> ToolCompletion:
        """Continues a conversation with tools; see :class:`agents.model.ToolModel`."""
        body = self._body(system, sendable_data(messages)) | {"tools": sendable_data(tools)}
        if force and self._forcing:
            forced = body | {"tool_choice": {"type": "tool", "name": force}}
            try:
                return self._called(forced, seed)
            except ModelSetupError as error:
                # Models that always think cannot be forced, which only the server knows.
                if "tool_choice" not in str(error):
                    raise
                self._forcing = False
        return self._called(body, seed)

    def _called(self, body: dict[str, Any], seed: int) -> ToolCompletion:
        answer, latency = self._ask(body, seed)
        return ToolCompletion(answer.content, answer.usage, answer.stop_reason, latency)

    def close(self) -> None:
        """Closes the connection where no other model uses it; may be called twice."""
        if not self._closed:
            self._closed = True
            self._connection.server.close()

    def _body(self, system: str, messages: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
        body: dict[str, Any] = {
            "model": self.name,
            "max_tokens": self._sampling.max_tokens,
            "messages": list(messages),
        }
        if system:
            block: dict[str, Any] = {"type": "text", "text": sendable(system)}
            if self._options.cache != "off":
                block["cache_control"] = _KEPT
            body["system"] = [block]
        if self._options.cache == "conversation":
            body["cache_control"] = _KEPT
        return body

    def _ask(self, body: dict[str, Any], seed: int) -> tuple[Answer, float]:
        fields = sampling_fields(self._sampling, self._options.sampling, self._connection.own)
        headers = {"anthropic-version": SAMPLING_VERSION} if fields else {}
        given = {**body, "extra_headers": headers, "extra_body": {**fields, **self._options.extra}}
        messages = self._connection.client.messages

        async def request() -> Answer:
            if self._stream:
                return await read_stream(messages.stream(**given))
            return read_answer(await messages.create(**given))

        return self._connection.server.ask(self.name, request, seed)


def _spoken(message: Message) -> str:
    text = sendable(message.text)
    return text if text.strip() else NOTHING_SAID


def _connect(base_url: str, key: str, timeout: float) -> anthropic.AsyncAnthropic:
    # The SDK adds /v1 itself; other SDKs want it in the address, so it is often there.
    return anthropic.AsyncAnthropic(
        base_url=base_url.removesuffix("/v1"),
        api_key=key,
        timeout=time_limits(timeout),
        max_retries=0,
    )


PROVIDER = Provider(
    "the Messages API",
    "https://api.anthropic.com",
    "ANTHROPIC_BASE_URL",
    "ANTHROPIC_API_KEY",
    _connect,
)


def open_here(specs: Mapping[str, ModelSpec]) -> dict[str, MessagesModel]:
    """Opens models by role."""
    connections = connect(specs, PROVIDER)
    return {role: MessagesModel(spec, connections[role]) for role, spec in specs.items()}
