"""A model behind the chat-completions API."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

import openai

from agents.backends.completions.answer import Answer, read_answer, read_stream
from agents.backends.completions.tools import requested
from agents.backends.http.connections import Connection, Provider, connect, time_limits
from agents.backends.http.options import LONG_ANSWER, sampling_fields
from agents.backends.http.text import sendable
from agents.model import Completion, Message, ModelSpec, ToolCompletion


class CompletionsModel:
    """Asks one model through the chat-completions API.

    Args:
        spec: The model.
        connection: How it is asked.
    """

    def __init__(self, spec: ModelSpec, connection: Connection[openai.AsyncOpenAI]) -> None:
        self.name = spec.name
        self._connection = connection
        options, own = connection.request, connection.own
        long = spec.sampling.max_tokens > LONG_ANSWER
        self._stream = long if options.stream is None else options.stream
        # Other servers do not know the provider's newer name of it; the provider's newer models do
        # not take the older one.
        limit = "max_tokens" if own else "max_completion_tokens"
        self._fixed: dict[str, Any] = {
            "model": spec.name,
            limit: spec.sampling.max_tokens,
            **sampling_fields(spec.sampling, options.sampling, own),
            "extra_body": dict(options.extra),
        }
        if self._stream:
            self._fixed |= {"stream": True, "stream_options": {"include_usage": True}}
        self._closed = False

    def generate(self, messages: Sequence[Message], seed: int) -> Completion:
        """Continues a conversation; see :class:`agents.model.ChatModel`."""
        turns = [{"role": message.role, "content": sendable(message.text)} for message in messages]
        answer, latency = self._ask({"messages": turns}, seed)
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
        body = requested(system, messages, tools)
        if force:
            body["tool_choice"] = {"type": "function", "function": {"name": force}}
        answer, latency = self._ask(body, seed)
        return ToolCompletion(answer.content, answer.usage, answer.stop_reason, latency)

    def _ask(self, body: Mapping[str, Any], seed: int) -> tuple[Answer, float]:
        given = {**self._fixed, **body, "seed": seed}
        completions = self._connection.client.chat.completions

        async def request() -> Answer:
            answer = await completions.create(**given)
            return await read_stream(answer) if self._stream else read_answer(answer)

        return self._connection.server.ask(self.name, request, seed)

    def close(self) -> None:
        """Closes the connection where no other model uses it; may be called twice."""
        if not self._closed:
            self._closed = True
            self._connection.server.close()


def _connect(base_url: str, key: str, timeout: float) -> openai.AsyncOpenAI:
    # The SDK wants /v1 in the address, the other backend's does not: both are understood.
    url = base_url if urlsplit(base_url).path.strip("/") else f"{base_url}/v1"
    return openai.AsyncOpenAI(
        base_url=url, api_key=key, timeout=time_limits(timeout), max_retries=0
    )


PROVIDER = Provider(
    "the chat-completions API",
    "https://api.openai.com/v1",
    "OPENAI_BASE_URL",
    "OPENAI_API_KEY",
    _connect,
)


def open_here(specs: Mapping[str, ModelSpec]) -> dict[str, CompletionsModel]:
    """Opens models by role."""
    connections = connect(specs, PROVIDER)
    return {role: CompletionsModel(spec, connections[role]) for role, spec in specs.items()}
