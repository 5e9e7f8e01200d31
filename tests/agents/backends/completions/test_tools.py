"""Calls of tools through chat completions."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from model_server import Answer, ModelServer, Raw

from agents.backends.completions import open_models
from agents.backends.completions.model import CompletionsModel
from agents.model import ModelError, ModelSetupError, ModelSpec, ToolModel
from agents.tools_agent.tools import tools

LOOK = {"type": "tool_use", "id": "c1", "name": "memory", "input": {"command": "view", "n": [1]}}
ACT = {"type": "tool_use", "id": "c2", "name": "act", "input": {}}
WORDS = {"type": "text", "text": "Let me see."}
TOOLS = tools("schema", ["north", "south"])
CONVERSATION: list[dict[str, Any]] = [
    {"role": "user", "content": [{"type": "text", "text": "You see a tree."}]},
    {
        "role": "assistant",
        "content": [{"type": "thinking", "thinking": "A tree?"}, WORDS, LOOK, ACT],
    },
    {
        "role": "user",
        "content": [
            {"type": "tool_result", "tool_use_id": "c1", "content": "map.md \ud800"},
            {"type": "tool_result", "tool_use_id": "c2", "content": "no action", "is_error": True},
            {"type": "text", "text": "Go on."},
        ],
    },
]


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with ModelServer() as server:
        yield server


def opened(server: ModelServer, **options: Any) -> CompletionsModel:
    given = {"base_url": server.url, "backoff": 0.005, **options}
    return open_models({"agent": ModelSpec("completions", "m", options=given)})["agent"]


@pytest.fixture(params=[False, True], ids=["whole", "streamed"])
def model(request: pytest.FixtureRequest, server: ModelServer) -> Iterator[CompletionsModel]:
    made = opened(server, stream=request.param)
    assert isinstance(made, ToolModel)
    yield made
    made.close()


def test_a_conversation_with_tools_is_sent(model: CompletionsModel, server: ModelServer) -> None:
    model.call("Play.", CONVERSATION, TOOLS, 3, force="act")
    body = server.requests[0].body
    assert body["seed"] == 3
    assert body["tool_choice"] == {"type": "function", "function": {"name": "act"}}
    assert body["tools"][1]["function"]["name"] == "act"
    assert body["tools"][1]["function"]["parameters"] == TOOLS[1]["input_schema"]
    system, user, assistant, *rest = body["messages"]
    assert system == {"role": "system", "content": "Play."}
    assert user == {"role": "user", "content": "You see a tree."}
    assert assistant["content"] == "Let me see."
    calls = [call["function"] for call in assistant["tool_calls"]]
    assert [(call["name"], json.loads(call["arguments"])) for call in calls] == [
        ("memory", LOOK["input"]),
        ("act", {}),
    ]
    assert rest == [
        {"role": "tool", "tool_call_id": "c1", "content": "map.md ?"},
        {"role": "tool", "tool_call_id": "c2", "content": "error: no action"},
        {"role": "user", "content": "Go on."},
    ]


def test_an_answer_is_read_in_blocks(model: CompletionsModel, server: ModelServer) -> None:
    server.script(Answer(blocks=(WORDS, LOOK, ACT)), Answer("Hm."), Answer(blocks=(LOOK,)))
    done = model.call("Play.", CONVERSATION, TOOLS, 0)
    assert done.content == (WORDS, LOOK, ACT)
    assert (done.stop_reason, done.usage.tokens) == ("end", 12)
    assert model.call("Play.", CONVERSATION, TOOLS, 0).content == ({**WORDS, "text": "Hm."},)
    assert model.call("Play.", CONVERSATION, TOOLS, 0).content == (LOOK,)


@pytest.mark.parametrize(
    ("arguments", "given"),
    [
        ("", {}),
        ('{"a": 1}', {"a": 1}),
        ('{"a": ', {"not_a_json_object": '{"a": '}),
        ("[1]", {"not_a_json_object": "[1]"}),
    ],
)
def test_arguments_that_a_model_wrote(server: ModelServer, arguments: str, given: Any) -> None:
    model = opened(server, stream=False)
    server.script(_whole({"function": {"name": "act", "arguments": arguments}}))
    (block,) = model.call("Play.", CONVERSATION, TOOLS, 0).content
    assert block == {"type": "tool_use", "id": "", "name": "act", "input": given}
    model.close()


@pytest.mark.parametrize("call", [3, {"function": {"name": 3}}, {"id": [1]}])
def test_what_is_no_call_is_a_malformed_answer(server: ModelServer, call: Any) -> None:
    model = opened(server, stream=False, retries=0)
    server.script(_whole(call))
    with pytest.raises(ModelError):
        model.call("Play.", CONVERSATION, TOOLS, 0)
    model.close()


def test_a_tool_that_this_api_does_not_know(model: CompletionsModel) -> None:
    with pytest.raises(ModelSetupError, match="memory_tool=schema"):
        model.call("Play.", CONVERSATION, tools("native", []), 0)


def _whole(call: Any) -> Raw:
    message = {"role": "assistant", "content": None, "tool_calls": [call]}
    choice = {"index": 0, "finish_reason": "tool_calls", "message": message}
    usage = {"prompt_tokens": 3, "completion_tokens": 4, "total_tokens": 7}
    return Raw(json.dumps({"id": "x", "choices": [choice], "usage": usage}).encode())
