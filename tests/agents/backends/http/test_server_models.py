"""What both backends do alike: each test runs with both SDKs, streaming and not."""

from __future__ import annotations

import gc
import signal
import sys
import threading
import time
import warnings
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from model_server import (
    Answer,
    BrokenStream,
    Drop,
    ModelServer,
    Raw,
    Reaction,
    Slow,
    Status,
)

from agents.backends import open_models
from agents.model import (
    ChatModel,
    ContextTooLongError,
    Message,
    ModelError,
    ModelSetupError,
    ModelSpec,
    Sampling,
    Usage,
)

CONVERSATION = (Message("system", "Play."), Message("user", "You see a tree."))


@pytest.fixture(scope="module", params=["messages", "completions"])
def backend(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture(scope="module", params=[False, True], ids=["whole", "streamed"])
def stream(request: pytest.FixtureRequest) -> bool:
    streamed: bool = request.param
    return streamed


@pytest.fixture(scope="module")
def shared_server() -> Iterator[ModelServer]:
    with ModelServer() as server:
        yield server


@pytest.fixture
def server(shared_server: ModelServer) -> ModelServer:
    shared_server.forget()
    return shared_server


def spec(backend: str, server: ModelServer, name: str = "m", **options: Any) -> ModelSpec:
    common = {"base_url": server.url, "backoff": 0.005, "retries": 2}
    return ModelSpec(backend, name, options=common | options)


@pytest.fixture(scope="module")
def model(backend: str, stream: bool, shared_server: ModelServer) -> Iterator[ChatModel]:
    made = open_models({"agent": spec(backend, shared_server, stream=stream, timeout=0.4)})["agent"]
    yield made
    made.close()


def test_an_answer(model: ChatModel, server: ModelServer) -> None:
    usage = {
        "input_tokens": 10,
        "cache_read_input_tokens": 30,
        "cache_creation_input_tokens": 5,
        "output_tokens": 7,
    }
    server.script(Answer("<|ACTION|>Noop<|END|>", usage=usage))
    completion = model.generate(CONVERSATION, 3)
    assert completion.text == "<|ACTION|>Noop<|END|>"
    assert completion.stop_reason == "end"
    assert completion.usage.input_tokens == 45
    assert completion.usage.cached_tokens == 30
    assert completion.usage.written_tokens == 5
    assert completion.usage.output_tokens == 7
    assert 0 < completion.latency < 30
    assert model.name == "m"
    assert isinstance(model, ChatModel)


def test_an_empty_answer_is_an_answer(model: ChatModel, server: ModelServer) -> None:
    server.script(Answer(""))
    assert model.generate(CONVERSATION, 0).text == ""


def test_what_utf8_cannot_hold_is_sent_all_the_same(model: ChatModel, server: ModelServer) -> None:
    said = (Message("system", "a\ud800"), Message("user", "b\udfff"), Message("assistant", "c"))
    model.generate((*said, Message("user", "é\u0000☃")), 0)
    assert "b?" in str(server.requests[0].body)
    assert "☃" in str(server.requests[0].body)


FAILURES: dict[str, Reaction] = {
    "dropped before the headers": Drop(),
    "dropped in the middle": Drop(middle=True),
    "too slow before the headers": Slow(),
    "too slow in the middle": Slow(middle=True),
    "no JSON": Raw(b'{"id": "x", '),
    "not even text": Raw(b"\xff\xfe\x00"),
    "nothing": Raw(b""),
    "null": Raw(b"null"),
    "a list": Raw(b"[1, 2]"),
    "another object": Raw(b'{"id": "x", "content": 3, "choices": 3}'),
    "a web page": Raw(b"<html>sign in</html>", "text/html"),
    "internal error": Status(500),
    "bad gateway, in words": Status(502, body=b"<html>bad gateway</html>"),
    "overloaded": Status(529, "Overloaded", "overloaded_error"),
    "unavailable, with a time": Status(503, headers={"retry-after": "0.01"}),
    "timeout of a proxy": Status(408),
    "too many requests": Status(429, headers={"retry-after": "0.01"}),
    "too many, in milliseconds": Status(429, headers={"retry-after-ms": "10"}),
    "too many, and no time told": Status(429),
    "too many, and a date": Status(429, headers={"retry-after": "Wed, 21 Oct 2015 07:28:00 GMT"}),
}


@pytest.mark.parametrize("failure", FAILURES)
def test_what_fails_once_is_tried_again(
    failure: str, model: ChatModel, server: ModelServer
) -> None:
    server.script(FAILURES[failure])
    completion = model.generate(CONVERSATION, 0)
    assert completion.text == "hello"
    assert len(server.requests) == 2
    assert completion.latency < 10


@pytest.mark.parametrize(
    ("failure", "told"),
    [
        (Drop(), "disconnected"),
        (Drop(middle=True), "asked"),
        (Raw(b'{"id": '), "its answer makes no sense"),
        (Raw(b"<html>sign in</html>", "text/html"), "its answer makes no sense"),
        (Raw(b"[" * 100_000), "its answer makes no sense"),
        (Answer(usage={"input_tokens": -5, "output_tokens": 1}), "no usage"),
        (Answer(usage={"input_tokens": 5, "output_tokens": -1}), "no usage"),
        (Status(500, "it broke"), "it broke"),
        (Slow(), "it took too long"),
        (Slow(middle=True), "it took too long"),
    ],
    ids=str,
)
def test_what_keeps_failing_is_a_failure_of_the_machinery(
    failure: Reaction, told: str, backend: str, stream: bool, server: ModelServer
) -> None:
    server.react = lambda body: failure
    options = {"stream": stream, "timeout": 0.5, "retries": 1}
    model = open_models({"agent": spec(backend, server, **options)})["agent"]
    with pytest.raises(ModelError, match=told) as caught:
        model.generate(CONVERSATION, 0)
    assert not isinstance(caught.value, ModelSetupError)
    assert f"{server.url} was asked 2 times for 'm'; the last time: " in str(caught.value)
    assert caught.value.__cause__ is not None
    assert len(server.requests) == 2
    model.close()


def test_brackets_without_end_are_no_answer(backend: str, server: ModelServer) -> None:
    deep: list[Any] = []
    for _ in range(400):
        deep = [deep]
    block = {"type": "tool_use", "id": "1", "name": "memory", "input": {"path": deep}}
    choice = {"index": 0, "message": {"content": deep}, "finish_reason": "stop"}
    model = open_models({"agent": spec(backend, server, retries=2)})["agent"]
    server.script(
        Answer(more={"content": [block], "choices": [choice]}),
        Raw(b'{"id":' * 50_000),
    )
    assert model.generate(CONVERSATION, 0).text == "hello"
    assert len(server.requests) == 3
    model.close()


def test_a_refusal_is_not_read_without_end(backend: str, server: ModelServer) -> None:
    said = "maximum context length is 5 tokens, requested too many. " * 20_000
    model = open_models({"agent": spec(backend, server)})["agent"]
    server.script(Status(400, said))
    started = time.process_time()
    with pytest.raises(ContextTooLongError):
        model.generate(CONVERSATION, 0)
    assert time.process_time() - started < 2
    model.close()


def test_no_more_was_cached_than_there_was() -> None:
    usage = {"prompt_tokens": 10, "completion_tokens": 2}
    details = {"cached_tokens": 50, "cache_write_tokens": 7}
    with ModelServer() as server:
        server.script(Answer(more={"usage": {**usage, "prompt_tokens_details": details}}))
        model = open_models({"agent": spec("completions", server)})["agent"]
        assert model.generate(CONVERSATION, 0).usage == Usage(10, 10, 0, 2)
        model.close()


def test_a_stream_that_is_none(backend: str, server: ModelServer) -> None:
    model = open_models({"agent": spec(backend, server, stream=True, retries=9)})["agent"]
    said = '{"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}'
    start = '{"type": "message_start", "message": {"id": "x"}}'
    delta = '{"type": "content_block_delta", "index": 3, "delta": {"type": "text_delta"}}'
    server.script(
        BrokenStream(()),
        BrokenStream((("message_start", "{"),)),
        BrokenStream((("message_start", start), ("content_block_delta", delta))),
        BrokenStream((("message_start", "[]"),)),
        BrokenStream((("error", said),)),
        BrokenStream((("", '{"choices": [3]}'),)),
        BrokenStream((("", '{"choices": [{"delta": {"content": 3}}]}'),)),
    )
    assert model.generate(CONVERSATION, 0).text == "hello"
    assert len(server.requests) == 8
    model.close()


def test_a_server_that_is_not_there(backend: str) -> None:
    with ModelServer() as server:
        url = server.url
    options = {"base_url": url, "retries": 0}
    model = open_models({"agent": ModelSpec(backend, "m", options=options)})["agent"]
    with pytest.raises(ModelError, match=f"{url} was asked once .* is it running"):
        model.generate(CONVERSATION, 0)
    model.close()


@pytest.mark.parametrize(
    ("status", "told"),
    [
        (Status(401, "invalid key"), "invalid key .HTTP 401.. No key was sent.*api_key_env=NAME"),
        (Status(403, "not allowed"), "not allowed"),
        (Status(404, "model: m"), "Check the name of the model and the address of the server"),
        (Status(400, "temperature is deprecated for this model"), "sampling=never"),
        (Status(400, "max_tokens: too many"), "refused 'm': max_tokens: too many"),
        (Status(422, body=b"words"), "words"),
        (Status(429, "You exceeded your quota", "insufficient_quota"), "exceeded your quota"),
    ],
    ids=str,
)
def test_what_cannot_work_stops_at_once(
    status: Status, told: str, model: ChatModel, server: ModelServer
) -> None:
    server.script(status)
    with pytest.raises(ModelSetupError, match=told):
        model.generate(CONVERSATION, 0)
    assert len(server.requests) == 1


def test_a_server_that_wants_no_second_try(model: ChatModel, server: ModelServer) -> None:
    server.script(Status(500, "never again", headers={"x-should-retry": "false"}))
    with pytest.raises(ModelError, match=r"was asked once .* never again"):
        model.generate(CONVERSATION, 0)


def test_a_conversation_that_is_too_long(model: ChatModel, server: ModelServer) -> None:
    said = "prompt is too long: 210000 tokens > 200000 maximum"
    server.script(Status(400, said, "invalid_request_error"))
    with pytest.raises(ContextTooLongError) as caught:
        model.generate(CONVERSATION, 0)
    assert (caught.value.tokens, caught.value.limit) == (210_000, 200_000)
    server.script(Status(413, "Request exceeds the maximum size", "request_too_large"))
    with pytest.raises(ContextTooLongError):
        model.generate(CONVERSATION, 0)


def test_a_busy_server_is_waited_for_only_so_long(backend: str, server: ModelServer) -> None:
    server.react = lambda body: Status(429, "slow down", headers={"retry-after": "0.05"})
    model = open_models({"agent": spec(backend, server, patience=0.12)})["agent"]
    with pytest.raises(ModelError, match="slow down"):
        model.generate(CONVERSATION, 0)
    assert 2 <= len(server.requests) <= 4
    model.close()


def test_many_calls_on_a_server_that_takes_few(backend: str, stream: bool) -> None:
    """Fifty at once, where it takes four: all are answered, and it is not asked much more."""
    with ModelServer(most=4, hold=0.005) as server:
        roles = {
            "specialist": spec(backend, server, "lora", stream=stream, concurrency=50),
            "gameplay": spec(backend, server, "base", stream=stream, concurrency=50),
        }
        models = open_models(roles)
        ready = threading.Barrier(50)

        def ask(number: int) -> str:
            ready.wait()
            return (
                models[("specialist", "gameplay")[number % 2]].generate(CONVERSATION, number).text
            )

        with ThreadPoolExecutor(50) as threads:
            assert list(threads.map(ask, range(50))) == ["hello"] * 50
        assert server.peak == 4
        assert len(server.requests) == 50
        names = [request.body["model"] for request in server.requests]
        assert names.count("lora") == names.count("base") == 25
        # Each rush costs what was in flight; without a throttle some hundreds are turned away.
        assert server.refused < 120
        for made in models.values():
            made.close()


def test_concurrency_is_a_limit(backend: str) -> None:
    with ModelServer(hold=0.005) as server:
        model = open_models({"agent": spec(backend, server, concurrency=3)})["agent"]
        with ThreadPoolExecutor(20) as threads:
            list(threads.map(lambda number: model.generate(CONVERSATION, number), range(20)))
        assert server.peak <= 3
        model.close()


def sockets() -> int:
    targets = []
    for link in Path("/proc/self/fd").iterdir():
        try:
            targets.append(str(link.readlink()))
        except FileNotFoundError:
            continue
    return sum(target.startswith("socket:") for target in targets)


def settled(number: int, count: Any) -> bool:
    """Whether a count comes down to a number, within a time that nothing needs."""
    until = time.monotonic() + 5
    while count() > number and time.monotonic() < until:
        time.sleep(0.005)
    return count() <= number


def test_closing_leaves_no_thread_and_no_socket(backend: str, stream: bool) -> None:
    with ModelServer(hold=0.005) as server:
        models = open_models(
            {role: spec(backend, server, role, stream=stream) for role in ("a", "b")}
        )
        threads, open_sockets = threading.active_count() - 1, sockets()
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(lambda n: models["ab"[n % 2]].generate(CONVERSATION, n), range(16)))
        models["a"].close()
        models["a"].close()
        assert models["b"].generate(CONVERSATION, 0).text == "hello"
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            models["b"].close()
            gc.collect()
        assert settled(0, lambda: server.connections)
        assert settled(open_sockets, sockets)
        assert settled(threads, threading.active_count)
        with pytest.raises(ModelError, match="is closed"):
            models["b"].generate(CONVERSATION, 0)


@pytest.mark.parametrize("slow", [Slow(), Slow(middle=True)], ids=str)
def test_closing_ends_what_is_in_flight(backend: str, stream: bool, slow: Slow) -> None:
    with ModelServer() as server:
        server.react = lambda body: slow
        model = open_models({"agent": spec(backend, server, stream=stream, concurrency=2)})["agent"]
        failures: list[Exception] = []

        def ask() -> None:
            try:
                model.generate(CONVERSATION, 0)
            except Exception as error:
                failures.append(error)

        asking = [threading.Thread(target=ask) for _ in range(4)]
        for thread in asking:
            thread.start()
        while len(server.requests) < 2:  # two are under way, two wait for a place
            time.sleep(0.002)
        model.close()
        for thread in asking:
            thread.join(5)
            assert not thread.is_alive()
        assert len(failures) == 4
        assert all(isinstance(error, ModelError) for error in failures)
        assert "closed" in str(failures[0])


def test_an_interrupt_ends_the_call_and_leaves_the_model_usable(backend: str, stream: bool) -> None:
    with ModelServer() as server:
        server.script(Slow(middle=True))
        model = open_models({"agent": spec(backend, server, stream=stream, concurrency=1)})["agent"]
        main = threading.get_ident()

        def interrupt() -> None:
            while not server.requests:
                time.sleep(0.002)
            signal.pthread_kill(main, signal.SIGINT)

        waiting = threading.Thread(target=interrupt)
        waiting.start()
        with pytest.raises(KeyboardInterrupt):
            model.generate(CONVERSATION, 0)
        waiting.join()
        assert model.generate(CONVERSATION, 0).text == "hello"
        model.close()


def test_a_server_of_ones_own_gets_no_key_of_the_providers(
    backend: str, server: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("ANTHROPIC_API_KEY", "OPENAI_API_KEY"):
        monkeypatch.setenv(name, "sk-secret")
    model = open_models({"agent": spec(backend, server)})["agent"]
    model.generate(CONVERSATION, 0)
    assert "sk-secret" not in str(server.requests[0].headers)
    model.close()
    monkeypatch.setenv("MY_KEY", "sk-mine")
    model = open_models({"agent": spec(backend, server, api_key_env="MY_KEY")})["agent"]
    model.generate(CONVERSATION, 0)
    assert server.requests[1].headers["authorization"] == "Bearer sk-mine"
    server.script(Status(401, "invalid"))
    with pytest.raises(ModelSetupError, match="environment variable MY_KEY"):
        model.generate(CONVERSATION, 0)
    model.close()


def test_an_address_from_the_environment_comes_with_its_key(
    backend: str, server: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("ANTHROPIC", "OPENAI"):
        monkeypatch.setenv(f"{name}_API_KEY", "sk-gateway")
        monkeypatch.setenv(f"{name}_BASE_URL", server.url)
    model = open_models({"agent": ModelSpec(backend, "m")})["agent"]
    model.generate(CONVERSATION, 0)
    assert server.requests[0].headers["authorization"] == "Bearer sk-gateway"
    model.close()


def test_a_missing_key_is_named(backend: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ANTHROPIC", "OPENAI"):
        monkeypatch.delenv(f"{name}_API_KEY", raising=False)
        monkeypatch.delenv(f"{name}_BASE_URL", raising=False)
    with pytest.raises(ModelSetupError, match=r"(ANTHROPIC|OPENAI)_API_KEY.*base_url=URL"):
        open_models({"agent": ModelSpec(backend, "m")})
    with pytest.raises(ModelSetupError, match="environment variable MY_KEY"):
        open_models({"agent": ModelSpec(backend, "m", options={"api_key_env": "MY_KEY"})})


def test_a_missing_sdk_is_named(backend: str, monkeypatch: pytest.MonkeyPatch) -> None:
    sdk, extra = {"messages": ("anthropic", "llm"), "completions": ("openai", "openai")}[backend]
    monkeypatch.setitem(sys.modules, sdk, None)
    with pytest.raises(ImportError, match=rf"needs {sdk}.*automem-gym\[{extra}\]"):
        open_models({"agent": ModelSpec(backend, "m")})


@pytest.mark.parametrize("ending", ["", "/", "/v1", "/v1/"])
def test_an_address_may_hold_the_version_or_not(
    backend: str, ending: str, server: ModelServer
) -> None:
    options = {"base_url": f"{server.url}{ending}"}
    model = open_models({"agent": ModelSpec(backend, "m", options=options)})["agent"]
    model.generate(CONVERSATION, 0)
    paths = {"messages": "/v1/messages", "completions": "/v1/chat/completions"}
    assert server.requests[0].path.partition("?")[0] == paths[backend]
    model.close()


def test_sampling_and_further_fields_are_sent(backend: str, server: ModelServer) -> None:
    made = ModelSpec(
        backend,
        "m",
        sampling=Sampling(temperature=0.5, top_p=0.9, max_tokens=77),
        options={"base_url": server.url, "extra": {"top_k": 20}},
    )
    model = open_models({"agent": made})["agent"]
    model.generate(CONVERSATION, 0)
    body = server.requests[0].body
    assert (body["temperature"], body["top_p"], body["max_tokens"]) == (0.5, 0.9, 77)
    assert body["top_k"] == 20
    assert not body.get("stream")
    model.close()


def test_long_answers_come_piece_by_piece(backend: str, server: ModelServer) -> None:
    made = ModelSpec(
        backend, "m", sampling=Sampling(max_tokens=64_000), options={"base_url": server.url}
    )
    model = open_models({"agent": made})["agent"]
    assert model.generate(CONVERSATION, 0).text == "hello"
    assert server.requests[0].body["stream"] is True
    model.close()
