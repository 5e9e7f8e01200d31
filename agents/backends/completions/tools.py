"""Conversations with tools, from the form of the Messages API to that of chat completions."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from agents.backends.http.text import sendable, sendable_data
from agents.model import ModelSetupError

#: In front of a result that was an error, which this API has no mark for.
_ERROR = "error: "


def requested(
    system: str, messages: Sequence[Mapping[str, Any]], tools: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    """The fields of a request.

    Args:
        system: The system message.
        messages: The conversation, as :meth:`agents.model.ToolModel.call` takes it.
        tools: The tools, likewise.

    Raises:
        ModelSetupError: A tool is one of the Messages API's own.
    """
    turns: list[dict[str, Any]] = [{"role": "system", "content": sendable(system)}]
    for message in messages:
        speak = _assistant if message["role"] == "assistant" else _user
        turns.extend(speak(sendable_data(message["content"])))
    return {"messages": turns, "tools": [_function(sendable_data(tool)) for tool in tools]}


def _assistant(blocks: Sequence[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """An answer; its thoughts, which this API takes back from nobody, are left out."""
    calls = [
        {
            "id": block["id"],
            "type": "function",
            "function": {"name": block["name"], "arguments": json.dumps(block["input"])},
        }
        for block in blocks
        if block["type"] == "tool_use"
    ]
    turn: dict[str, Any] = {"role": "assistant", "content": _words(blocks)}
    yield turn | ({"tool_calls": calls} if calls else {})


def _user(blocks: Sequence[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """What came of calls, each as a turn of its own, and the user's words behind them."""
    for block in blocks:
        if block["type"] == "tool_result":
            mark = _ERROR if block.get("is_error") else ""
            content = mark + block["content"]
            yield {"role": "tool", "tool_call_id": block["tool_use_id"], "content": content}
    if any(block["type"] == "text" for block in blocks):
        yield {"role": "user", "content": _words(blocks)}


def _words(blocks: Sequence[Mapping[str, Any]]) -> str:
    return "\n\n".join(block["text"] for block in blocks if block["type"] == "text")


def _function(tool: Mapping[str, Any]) -> dict[str, Any]:
    if "input_schema" not in tool:
        raise ModelSetupError(
            f"the tool {tool['name']} is one that only the Messages API knows; it has to be "
            "described with a schema (for the agent tools: --agent-arg memory_tool=schema)"
        )
    told = {"name": tool["name"], "description": tool.get("description", "")}
    return {"type": "function", "function": told | {"parameters": tool["input_schema"]}}
