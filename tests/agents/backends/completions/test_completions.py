"""What is the chat-completions API's own: its seeds, its stops, its usage."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from model_server import Answer, ModelServer, Raw

from agents.backends.completions import open_models
from agents.backends.completions.model import CompletionsModel
from agents.model import Message, ModelSpec, Sampling

CONVERSATION = (Message("system", "Play."), Message("user", "You see a tree."))


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with ModelServer() as server:
        yield server


@pytest.fixture(params=[False, True], ids=["whole", "streamed"])
def model(request: pytest.FixtureRequest, server: ModelServer) -> Iterator[CompletionsModel]:
    options = {"base_url": server.url, "stream": request.param, "backoff": 0.005}
    made = open_models({"agent": ModelSpec("completions", "m", options=options)})["agent"]
    yield made
    made.close()


def test_the_conversation_and_the_seed_are_sent(
    model: CompletionsModel, server: ModelServer
) -> None:
    said = (*CONVERSATION, Message("assistant", ""), Message("user", "Act."))
    model.generate(said, 2**32 - 1)
    body = server.requests[0].body
    assert body["seed"] == 2**32 - 1
    assert body["messages"] == [
        {"role": "system", "content": "Play."},
        {"role": "user", "content": "You see a tree."},
        {"role": "assistant", "content": ""},
        {"role": "user", "content": "Act."},
    ]
    assert body["max_tokens"] == Sampling().max_tokens


@pytest.mark.parametrize(
    ("stop", "reason"),
    [("stop", "end"), ("length", "length"), ("content_filter", "refusal"), ("eos", "end")],
)
def test_why_it_stopped(
    stop: str, reason: str, model: CompletionsModel, server: ModelServer
) -> None:
    server.script(Answer("half a", stop=stop))
    completion = model.generate(CONVERSATION, 0)
    assert (completion.text, completion.stop_reason) == ("half a", reason)


def test_thoughts_and_refusals_stand_apart(server: ModelServer) -> None:
    options = {"base_url": server.url, "stream": False}
    model = open_models({"agent": ModelSpec("completions", "m", options=options)})["agent"]
    usage = {"prompt_tokens": 3, "completion_tokens": 4, "total_tokens": 7}

    def answer(**message: Any) -> Raw:
        choice = {"index": 0, "finish_reason": "stop", "message": message}
        return Raw(json.dumps({"id": "x", "choices": [choice], "usage": usage}).encode())

    server.script(
        answer(role="assistant", content="Go.", reasoning_content="A tree?", reasoning="A tree?"),
        answer(role="assistant", content=None, refusal="I will not."),
    )
    said = model.generate(CONVERSATION, 0)
    assert (said.text, said.usage.tokens, said.usage.cached_tokens) == ("Go.", 7, 0)
    refused = model.generate(CONVERSATION, 0)
    assert (refused.text, refused.stop_reason) == ("", "refusal")
    model.close()


def test_a_server_that_counts_no_tokens_is_told(server: ModelServer) -> None:
    choice = {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": ""}}
    server.script(Raw(json.dumps({"id": "x", "choices": [choice]}).encode()))
    options = {"base_url": server.url, "retries": 1, "backoff": 0.005}
    model = open_models({"agent": ModelSpec("completions", "m", options=options)})["agent"]
    assert model.generate(CONVERSATION, 0).text == "hello"
    assert len(server.requests) == 2
    model.close()
