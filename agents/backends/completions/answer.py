"""Reads what the chat-completions API answers, which servers of many makers do differently."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import openai
from openai.types.chat import ChatCompletion, ChatCompletionChunk

from agents.backends.http.plain import plain
from agents.backends.http.trouble import MalformedAnswerError
from agents.model import Completion, Usage

_STOPS = {"length": "length", "content_filter": "refusal"}


async def read_stream(stream: object) -> Completion:
    """Reads an answer that comes piece by piece.

    Raises:
        MalformedAnswerError: The pieces make no answer, or break off.
    """
    if not isinstance(stream, openai.AsyncStream):
        raise MalformedAnswerError(f"no stream, but {stream!r:.200}")
    texts: list[str] = []
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
                refusal = refusal or bool(said.get("refusal"))
                finish = choice.get("finish_reason") or finish
    return _completion("".join(texts), refusal, finish, usage)


def read_answer(answer: object) -> Completion:
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
    refusal = bool(message.get("refusal"))
    return _completion(_text(message), refusal, choices[0].get("finish_reason"), raw.get("usage"))


def _list(choices: object) -> list[Mapping[str, Any]]:
    if choices is None:
        return []
    if not isinstance(choices, list) or not all(isinstance(one, Mapping) for one in choices):
        raise MalformedAnswerError(f"no choices: {choices!r:.200}")
    return choices


def _text(message: Mapping[str, Any]) -> str:
    """The words; a server that gives the thoughts apart is not asked for them."""
    text = message.get("content")
    if text is not None and not isinstance(text, str):
        raise MalformedAnswerError(f"no text: {text!r:.200}")
    return text or ""


def _completion(text: str, refusal: bool, finish: object, usage: object) -> Completion:
    if not isinstance(finish, str):
        raise MalformedAnswerError("it breaks off: no finish_reason")
    stop = "refusal" if refusal else _STOPS.get(finish, "end")
    return Completion(text, _usage(usage), stop)


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
