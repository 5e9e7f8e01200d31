"""Reads what the chat-completions API answers, which servers of many makers do differently."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import openai
from openai.types.chat import ChatCompletion, ChatCompletionChunk

from agents.backends.http.plain import plain
from agents.backends.http.trouble import MalformedAnswerError
from agents.model import Usage

_STOPS = {"length": "length", "content_filter": "refusal"}
#: The one argument of a call whose arguments are no JSON object: the tool refuses it, and says so.
NO_JSON = "not_a_json_object"


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer.

    Attributes:
        content: Its blocks, in the form of the Messages API: the words, if any, and the calls of
            tools.
        usage: What it took.
        stop_reason: As in :class:`agents.model.Completion`.
    """

    content: tuple[dict[str, Any], ...]
    usage: Usage
    stop_reason: str

    @property
    def text(self) -> str:
        """The words, without calls of tools."""
        return "".join(block["text"] for block in self.content if block["type"] == "text")


@dataclass
class _Call:
    """A call of a tool, whose parts come piece by piece where the answer does."""

    name: str = ""
    id: str = ""
    arguments: list[str] = field(default_factory=list)

    def add(self, raw: Mapping[str, Any]) -> None:
        function = raw.get("function")
        said = function if isinstance(function, Mapping) else {}
        self.id = self.id or _string(raw.get("id"))
        self.name = self.name or _string(said.get("name"))
        self.arguments.append(_string(said.get("arguments")))

    def block(self) -> dict[str, Any]:
        text = "".join(self.arguments)
        try:
            # A call without arguments may come without the braces.
            given = json.loads(text) if text.strip() else {}
        except (ValueError, RecursionError):
            given = None
        kept = given if isinstance(given, dict) else {NO_JSON: text}
        return {"type": "tool_use", "id": self.id, "name": self.name, "input": kept}


async def read_stream(stream: object) -> Answer:
    """Reads an answer that comes piece by piece.

    Raises:
        MalformedAnswerError: The pieces make no answer, or break off.
    """
    if not isinstance(stream, openai.AsyncStream):
        raise MalformedAnswerError(f"no stream, but {stream!r:.200}")
    texts: list[str] = []
    calls: dict[str, _Call] = {}
    refusal = False
    finish: object = None
    usage: object = None
    async with stream:
        async for chunk in stream:
            if not isinstance(chunk, ChatCompletionChunk):
                raise MalformedAnswerError(f"no piece of an answer, but {chunk!r:.200}")
            raw = plain(chunk)
            usage = raw.get("usage") or usage
            for choice in _list(raw.get("choices"))[:1]:
                delta = choice.get("delta")
                said = delta if isinstance(delta, Mapping) else {}
                texts.append(_text(said))
                for call in _list(said.get("tool_calls")):
                    calls.setdefault(str(call.get("index")), _Call()).add(call)
                refusal = refusal or bool(said.get("refusal"))
                finish = choice.get("finish_reason") or finish
    return _answer("".join(texts), list(calls.values()), refusal, finish, usage)


def read_answer(answer: object) -> Answer:
    """Reads a whole answer.

    Raises:
        MalformedAnswerError: It is none.
    """
    if not isinstance(answer, ChatCompletion):
        raise MalformedAnswerError(f"no completion, but {answer!r:.200}")
    # The SDK does not check what it reads.
    raw = plain(answer)
    choices = _list(raw.get("choices"))
    message = choices[0].get("message") if choices else None
    if not isinstance(message, Mapping):
        raise MalformedAnswerError(f"no message: {raw!r:.200}")
    calls = []
    for told in _list(message.get("tool_calls")):
        calls.append(_Call())
        calls[-1].add(told)
    refusal, finish = bool(message.get("refusal")), choices[0].get("finish_reason")
    return _answer(_text(message), calls, refusal, finish, raw.get("usage"))


def _list(found: object) -> list[Mapping[str, Any]]:
    if found is None:
        return []
    if not isinstance(found, list) or not all(isinstance(one, Mapping) for one in found):
        raise MalformedAnswerError(f"no choices, or calls of tools: {found!r:.200}")
    return found


def _string(value: object) -> str:
    if value is not None and not isinstance(value, str):
        raise MalformedAnswerError(f"no text in a call of a tool: {value!r:.200}")
    return value or ""


def _text(message: Mapping[str, Any]) -> str:
    """The words; a server that gives the thoughts apart is not asked for them."""
    text = message.get("content")
    if text is not None and not isinstance(text, str):
        raise MalformedAnswerError(f"no text: {text!r:.200}")
    return text or ""


def _answer(
    text: str, calls: Sequence[_Call], refusal: bool, finish: object, usage: object
) -> Answer:
    if not isinstance(finish, str):
        raise MalformedAnswerError("it breaks off: no finish_reason")
    stop = "refusal" if refusal else _STOPS.get(finish, "end")
    words = [{"type": "text", "text": text}] if text else []
    return Answer((*words, *(call.block() for call in calls)), _usage(usage), stop)


def _usage(usage: object) -> Usage:
    found = usage if isinstance(usage, Mapping) else {}
    details = found.get("prompt_tokens_details")
    parts = details if isinstance(details, Mapping) else {}
    try:
        prompt = _count(found["prompt_tokens"])
        # No server can have cached more than there was: a price would become negative.
        cached = min(_count(parts.get("cached_tokens") or 0), prompt)
        written = min(_count(parts.get("cache_write_tokens") or 0), prompt - cached)
        return Usage(prompt, cached, written, _count(found["completion_tokens"]))
    except (KeyError, TypeError):
        raise MalformedAnswerError(
            f"no usage, so its tokens cannot be counted: {usage!r:.200}"
        ) from None


def _count(value: object) -> int:
    if not isinstance(value, int) or value < 0:
        raise TypeError
    return value
