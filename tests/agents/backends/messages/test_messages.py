"""What is the Messages API's own: its prompt cache, its stops, its blocks, its tools."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from model_server import Answer, ModelServer, Status

from agents.backends.messages import open_models
from agents.backends.messages.model import MessagesModel
from agents.model import (
    ContextTooLongError,
    Message,
    ModelSetupError,
    ModelSpec,
    Sampling,
    ToolCompletion,
    ToolModel,
)

CONVERSATION = (Message("system", "Play."), Message("user", "You see a tree."))
NEUTRAL = Sampling()
ACT = {"name": "act", "input_schema": {"type": "object"}}
THOUGHT = {"type": "thinking", "thinking": "Is it a tree?", "signature": "c2lnbmVk"}
SAID = {"type": "text", "text": "I look first."}
VIEW = {"type": "tool_use", "id": "t1", "name": "memory", "input": {"command": "view", "n": [1]}}


@pytest.fixture(scope="module")
def shared_server() -> Iterator[ModelServer]:
    with ModelServer() as server:
        yield server


@pytest.fixture
def server(shared_server: ModelServer) -> ModelServer:
    shared_server.forget()
    return shared_server


@pytest.fixture
def make(server: ModelServer) -> Iterator[Any]:
    made = []

    def make(sampled: Sampling = NEUTRAL, **options: Any) -> MessagesModel:
        options = {"base_url": server.url, "backoff": 0.005, **options}
        spec = ModelSpec("messages", "m", sampling=sampled, options=options)
        made.append(open_models({"agent": spec})["agent"])
        return made[-1]

    yield make
    for model in made:
        model.close()


def test_the_static_part_is_marked_for_the_cache(make: Any, server: ModelServer) -> None:
    make().generate(CONVERSATION, 0)
    body = server.requests[0].body
    kept = {"type": "ephemeral"}
    assert body["system"] == [{"type": "text", "text": "Play.", "cache_control": kept}]
    assert body["messages"] == [{"role": "user", "content": "You see a tree."}]
    assert "cache_control" not in body
    make(cache="conversation").generate(CONVERSATION, 0)
    assert server.requests[1].body["cache_control"] == kept
    make(cache="off").generate(CONVERSATION, 0)
    assert "cache_control" not in str(server.requests[2].body)
    make().generate(CONVERSATION[1:], 0)
    assert "system" not in server.requests[3].body


def test_sampling_goes_with_the_version_that_knows_it(make: Any, server: ModelServer) -> None:
    make(Sampling(temperature=0.0)).generate(CONVERSATION, 0)
    assert server.requests[0].body["temperature"] == 0.0
    assert server.requests[0].headers["anthropic-version"] == "2023-06-01"
    make(sampling="never").generate(CONVERSATION, 0)
    assert not {"temperature", "top_p"} & set(server.requests[1].body)
    assert server.requests[1].headers["anthropic-version"] > "2023-06-01"


@pytest.mark.parametrize("stream", [False, True])
def test_thoughts_are_no_text(stream: bool, make: Any, server: ModelServer) -> None:
    server.script(Answer(blocks=(THOUGHT, SAID, {"type": "text", "text": " Then I go."})))
    assert make(stream=stream).generate(CONVERSATION, 0).text == "I look first. Then I go."
    server.script(Answer(blocks=(THOUGHT,), stop="max_tokens"))
    cut = make(stream=stream).generate(CONVERSATION, 0)
    assert (cut.text, cut.stop_reason) == ("", "length")


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize(
    ("stop", "reason"),
    [
        ("end_turn", "end"),
        ("stop_sequence", "end"),
        ("max_tokens", "length"),
        ("refusal", "refusal"),
        ("something_new", "end"),
    ],
)
def test_why_it_stopped(
    stop: str, reason: str, stream: bool, make: Any, server: ModelServer
) -> None:
    server.script(Answer("half a", stop=stop))
    completion = make(stream=stream).generate(CONVERSATION, 0)
    assert (completion.text, completion.stop_reason) == ("half a", reason)


@pytest.mark.parametrize("stream", [False, True])
def test_an_answer_that_meets_the_end_of_the_context(
    stream: bool, make: Any, server: ModelServer
) -> None:
    server.script(Answer("half", stop="model_context_window_exceeded"))
    with pytest.raises(ContextTooLongError):
        make(stream=stream).generate(CONVERSATION, 0)
    assert len(server.requests) == 1


def test_an_assistant_that_said_nothing_is_sent_all_the_same(
    make: Any, server: ModelServer
) -> None:
    silent = (*CONVERSATION, Message("assistant", " \n"), Message("user", "Act."))
    make().generate(silent, 0)
    assert server.requests[0].body["messages"][1]["content"] == "(nothing)"


def test_a_server_that_counts_no_tokens_cannot_be_used(make: Any, server: ModelServer) -> None:
    server.script(*[Answer(usage={})] * 2, *[Answer(usage={"input_tokens": "3"})] * 2)
    assert make(retries=4).generate(CONVERSATION, 0).text == "hello"
    assert len(server.requests) == 5


@pytest.mark.parametrize("stream", [False, True])
def test_calls_of_tools(stream: bool, make: Any, server: ModelServer) -> None:
    model = make(stream=stream)
    assert isinstance(model, ToolModel)
    server.script(Answer(blocks=(THOUGHT, SAID, VIEW, {**VIEW, "id": "t2", "input": {}})))
    asked = [{"role": "user", "content": [{"type": "text", "text": "You see a tree."}]}]
    made = model.call("Play.", asked, [ACT], 0)
    assert made.content == (THOUGHT, SAID, VIEW, {**VIEW, "id": "t2", "input": {}})
    assert [use["id"] for use in made.tool_uses] == ["t1", "t2"]
    assert made.usage.output_tokens == 2
    body = server.requests[0].body
    assert body["tools"] == [ACT]
    assert body["messages"] == asked
    assert "tool_choice" not in body
    # The answer can be sent back as it is, and written down and read again.
    assert ToolCompletion.from_completion(made.to_completion()) == made


def test_what_utf8_cannot_hold_goes_back_in_a_call_all_the_same(
    make: Any, server: ModelServer
) -> None:
    said = [{"role": "assistant", "content": [{**VIEW, "input": {"\ud800": ["\udfff", 1, None]}}]}]
    make().call("\ud800", said, [ACT], 0)
    sent = server.requests[0].body["messages"][0]["content"][0]["input"]
    assert sent == {"?": ["?", 1, None]}


def test_a_tool_can_be_forced(make: Any, server: ModelServer) -> None:
    make().call("Play.", [], [ACT], 0, force="act")
    assert server.requests[0].body["tool_choice"] == {"type": "tool", "name": "act"}


def test_a_model_that_cannot_be_forced_is_asked(make: Any, server: ModelServer) -> None:
    said = "Thinking may not be enabled when tool_choice forces tool use."
    server.script(Status(400, said, "invalid_request_error"))
    model = make()
    assert model.call("Play.", [], [ACT], 0, force="act").content
    model.call("Play.", [], [ACT], 0, force="act")
    assert ["tool_choice" in request.body for request in server.requests] == [True, False, False]
    server.script(Status(400, "tools.0: no such type"))
    with pytest.raises(ModelSetupError, match="no such type"):
        make().call("Play.", [], [ACT], 0, force="act")


def test_a_tool_whose_input_is_none(make: Any, server: ModelServer) -> None:
    server.script(Answer(blocks=({**VIEW, "input": "view"},)), Answer(blocks=({"type": "text"},)))
    assert make().call("Play.", [], [ACT], 0).content == ({"type": "text", "text": "hello"},)
    assert len(server.requests) == 3


def test_the_key_is_needed_for_the_providers_own_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ANTHROPIC_API_KEY", raising=False)
    options = {"base_url": "https://api.anthropic.com"}
    with pytest.raises(ModelSetupError, match="ANTHROPIC_API_KEY"):
        open_models({"agent": ModelSpec("messages", "claude-opus-5-5", options=options)})
