"""Reads what the Messages API answers, which servers of other makers may do differently."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import anthropic
from anthropic.lib.streaming import AsyncMessageStreamManager
from anthropic.types import Message

from agents.backends.http.plain import plain
from agents.backends.http.trouble import MalformedAnswerError
from agents.model import ContextTooLongError, Usage

#: What a block of an answer is sent back with, by its type. Answers hold more than requests may.
_FIELDS = {
    "text": ("text",),
    "tool_use": ("id", "name", "input"),
    "thinking": ("thinking", "signature"),
    "redacted_thinking": ("data",),
}
_STOPS = {"max_tokens": "length", "refusal": "refusal"}
#: What the SDK raises when the events of a stream are not those of the API.
_UNREADABLE = (
    ValueError,
    LookupError,
    AttributeError,
    TypeError,
    RuntimeError,
    AssertionError,
)


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer.

    Attributes:
        content: Its blocks, as a request can hold them.
        usage: What it took.
        stop_reason: As in :class:`agents.model.Completion`.
    """

    content: tuple[dict[str, Any], ...]
    usage: Usage
    stop_reason: str

    @property
    def text(self) -> str:
        """The words, without thoughts and tools."""
        return "".join(block["text"] for block in self.content if block["type"] == "text")


async def read_stream(manager: AsyncMessageStreamManager[None]) -> Answer:
    """Reads an answer that comes piece by piece.

    Raises:
        MalformedAnswerError: The pieces make no answer, or break off.
        ContextTooLongError: The answer met the end of the context.
    """
    async with manager as stream:
        try:
            message = await stream.get_final_message()
        except anthropic.AnthropicError:
            raise
        except _UNREADABLE as error:
            raise MalformedAnswerError(f"its stream is none: {error!r}") from error
    return read_answer(message)


def read_answer(message: object) -> Answer:
    """Reads a whole answer.

    Raises:
        MalformedAnswerError: It is none.
        ContextTooLongError: The answer met the end of the context.
    """
    if not isinstance(message, Message):
        raise MalformedAnswerError(f"no message, but {message!r:.200}")
    # The SDK does not check what it reads.
    raw = plain(message)
    blocks, stop = raw.get("content"), raw.get("stop_reason")
    if not isinstance(blocks, list) or not all(isinstance(block, Mapping) for block in blocks):
        raise MalformedAnswerError(f"no content: {raw!r:.200}")
    if not isinstance(stop, str):
        raise MalformedAnswerError("it breaks off: no stop_reason")
    if stop == "model_context_window_exceeded":
        raise ContextTooLongError
    usage = _usage(raw.get("usage"))
    content = tuple(_block(block) for block in blocks if block.get("type") in _FIELDS)
    return Answer(content, usage, _STOPS.get(stop, "end"))


def _block(block: Mapping[str, Any]) -> dict[str, Any]:
    kind = block["type"]
    # The signature of a thought is the one field that servers leave out.
    fields = {name: block[name] for name in _FIELDS[kind] if name in block}
    needed = set(_FIELDS[kind]) - {"signature"}
    if not needed <= set(fields) or not all(
        isinstance(value, Mapping if name == "input" else str) for name, value in fields.items()
    ):
        raise MalformedAnswerError(f"no block of type {kind}: {block!r:.200}")
    return {"type": kind, **fields}


def _usage(usage: object) -> Usage:
    """The tokens; the API counts those that a cache took part in apart."""
    found = usage if isinstance(usage, Mapping) else {}
    counts = [
        found.get(name) or 0
        for name in (
            "input_tokens",
            "cache_read_input_tokens",
            "cache_creation_input_tokens",
            "output_tokens",
        )
    ]
    if "input_tokens" not in found or not all(isinstance(n, int) and n >= 0 for n in counts):
        raise MalformedAnswerError(f"no usage, so its tokens cannot be counted: {usage!r:.200}")
    fresh, cached, written, output = counts
    return Usage(fresh + cached + written, cached, written, output)
