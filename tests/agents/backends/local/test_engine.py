"""Answers, and what becomes of those who wait when something goes wrong."""

import signal
import threading
import time

import numpy as np
import pytest
import torch

from agents.backends.local.network import Network
from agents.model import (
    ChatModel,
    ContextTooLongError,
    Message,
    ModelError,
    ModelSetupError,
)

SYSTEM = Message("system", "You play a game. Write one command. " * 8)


def question(text: str = "You see a wall.") -> list[Message]:
    return [SYSTEM, Message("user", text)]


def at_once(*calls) -> list:
    """Results, or errors, of calls from as many threads."""
    results: list = [None] * len(calls)

    def run(number: int) -> None:
        try:
            results[number] = calls[number]()
        except Exception as error:
            results[number] = error

    threads = [threading.Thread(target=run, args=(n,)) for n in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
        assert not thread.is_alive()
    return results


def test_a_completion_says_what_it_took(spec, opened) -> None:
    model = opened({"agent": spec(tokens=10, temperature=1.0)})["agent"]
    assert isinstance(model, ChatModel)
    assert model.name == spec().name
    first, again = model.generate(question(), 5), model.generate(question(), 5)
    assert first.token_ids == again.token_ids
    assert len(first.logprobs) == len(first.token_ids) == first.usage.output_tokens <= 10
    assert all(logprob <= 0 for logprob in first.logprobs)
    assert first.usage.cached_tokens == 0
    assert again.usage.cached_tokens == again.usage.input_tokens - 1
    assert again.latency > 0
    assert model.generate(question(), 6).token_ids != first.token_ids


def test_only_the_system_message_is_shared_between_questions(spec, opened) -> None:
    model = opened({"agent": spec(tokens=4)})["agent"]
    model.generate(question(), 0)
    other = model.generate(question("Some stairs."), 0)
    assert 0.8 * other.usage.input_tokens < other.usage.cached_tokens < other.usage.input_tokens - 2
    assert model.generate([Message("system", "Else."), *question()[1:]], 0).usage.cached_tokens < 9


def test_a_small_cache_follows_what_is_asked(spec, opened) -> None:
    model = opened({"agent": spec(tokens=4, cache_bytes=160_000)})["agent"]
    for text in ("First rules. ", "Second rules. ", "Third rules. "):
        talk = [Message("system", text * 20), Message("user", "You see a wall.")]
        model.generate(talk, 0)
        again = model.generate(talk, 0).usage
        assert again.cached_tokens == again.input_tokens - 1
        assert model.statistics().cache_bytes <= 160_000


@pytest.mark.parametrize("top_p", [1.0, 0.9])
def test_a_sampled_answer_depends_on_its_seed_alone(spec, opened, top_p: float) -> None:
    specs = {"base": spec(temperature=1.0, top_p=top_p), "tuned": spec("adapter", temperature=1.0)}
    alone = {}
    for role in specs:
        model = opened({role: specs[role]})[role]
        for seed in range(6):
            alone[role, seed] = model.generate(question(f"Seed {seed}."), seed)
    models = opened(specs)
    calls = [
        lambda role=role, seed=seed: models[role].generate(question(f"Seed {seed}."), seed)
        for role, seed in alone
    ]
    for (key, wanted), given in zip(alone.items(), at_once(*calls), strict=True):
        assert given.token_ids == wanted.token_ids, key
        assert given.logprobs == pytest.approx(wanted.logprobs, abs=1e-3)
    assert models["base"].statistics().mixed_batches > 0


def test_logprobs_are_those_of_the_untempered_model(spec, opened) -> None:
    model = opened({"agent": spec(temperature=0.0)})["agent"]
    hot = opened({"agent": spec(temperature=5.0)}, force=lambda *_: text)["agent"]
    cold = opened({"agent": spec(temperature=0.0)}, force=lambda *_: text)["agent"]
    text = model.generate(question(), 0).text
    assert hot.generate(question(), 0).logprobs == pytest.approx(
        cold.generate(question(), 0).logprobs, abs=1e-5
    )


def test_an_answer_ends_at_its_end_or_is_cut(spec, opened) -> None:
    model = opened({"agent": spec(tokens=12)}, force=lambda messages, seed: messages[-1].text)
    short = model["agent"].generate(question("go"), 0)
    assert (short.text, short.stop_reason) == ("go", "end")
    assert short.token_ids[-1] == 2
    long = model["agent"].generate(question("go " * 30), 0)
    assert (long.stop_reason, long.usage.output_tokens) == ("length", 12)
    assert ("go " * 30).startswith(long.text)
    assert (
        opened({"agent": spec(tokens=1)})["agent"].generate(question(), 0).stop_reason == "length"
    )


def test_a_forced_answer_is_computed_token_by_token(spec, opened) -> None:
    text = "I go <|ACTION|>far east<|END|>"
    model = opened({"agent": spec(force="")}, force=lambda *_: text)["agent"]
    answer = model.generate(question(), 0)
    counts = model.statistics()
    assert answer.text == text
    assert counts.decode_passes == answer.usage.output_tokens - 1
    assert counts.decoded_tokens == answer.usage.output_tokens
    # The next call of the conversation goes on from there.
    more = [*question(), Message("assistant", text), Message("user", "Some stairs.")]
    done = answer.usage.input_tokens + answer.usage.output_tokens - 1
    assert model.generate(more, 0).usage.cached_tokens == done


def test_a_prompt_that_is_too_long_is_told_before_anything_is_computed(spec, opened) -> None:
    model = opened({"agent": spec(context=200)})["agent"]
    with pytest.raises(ContextTooLongError) as told:
        model.generate(question("a wall " * 100), 0)
    assert told.value.limit == 200
    assert told.value.tokens > 200
    assert model.statistics().passes == 0
    model.generate([Message("user", "a wall")], 0)
    for context, words in [(100_000, "was made for 32,768"), (20, "leave no room for a prompt")]:
        with pytest.raises(ModelSetupError, match=words):
            opened({"agent": spec(context=context)})


def test_conversations_of_very_different_length_share_a_batch(spec, opened) -> None:
    model = opened({"agent": spec(chunk=64, batch=3, tokens=30)})["agent"]
    texts = ["x", "a wall " * 400, "a door " * 20, "y", "stairs " * 200, "z"]
    alone = [model.generate(question(text), 0).token_ids for text in texts]
    fresh = opened({"agent": spec(chunk=64, batch=3, tokens=30)})["agent"]
    calls = [lambda text=text: fresh.generate(question(text), 0) for text in texts]
    assert [answer.token_ids for answer in at_once(*calls)] == alone


def test_a_common_beginning_is_read_once_even_at_the_same_time(spec, opened) -> None:
    model = opened({"agent": spec(tokens=4, chunk=32)})["agent"]
    answers = at_once(*[lambda n=n: model.generate(question(f"{n}"), 0) for n in range(6)])
    static = min(answer.usage.input_tokens for answer in answers) - 12
    assert model.statistics().prefilled_tokens < static + 6 * 16


def test_what_finds_no_room_waits(spec, opened) -> None:
    model = opened({"agent": spec(batch_bytes=1)})["agent"]
    answers = at_once(*[lambda n=n: model.generate(question(f"{n}"), n) for n in range(3)])
    assert all(answer.text for answer in answers)
    assert model.statistics().mean_batch == 1.0


def test_closing_fails_those_who_wait(spec, opened) -> None:
    models = opened({"one": spec(tokens=2_000), "two": spec("adapter", tokens=2_000)},
                    force=lambda *_: "go " * 1_900)  # fmt: skip

    def close() -> None:
        while models["one"].statistics().decoded_tokens < 5:
            time.sleep(0.01)
        for model in models.values():
            model.close()

    calls = [lambda model=model: model.generate(question(), 0) for model in models.values()]
    told = at_once(*calls, close)
    assert [str(error) for error in told[:2]] == ["the model has been closed"] * 2
    with pytest.raises(ModelError, match="the model has been closed"):
        models["one"].generate(question(), 0)


def test_when_the_thread_dies_everybody_is_told_why(spec, opened, monkeypatch) -> None:
    model = opened({"agent": spec()})["agent"]
    original = Network.read

    def read(self, first, pieces):
        if model.statistics().passes > 4:
            raise ValueError("a wheel came off")
        return original(self, first, pieces)

    monkeypatch.setattr(Network, "read", read)
    told = at_once(*[lambda n=n: model.generate(question(f"{n}"), n) for n in range(5)])
    for error in told:
        assert isinstance(error, ModelError)
        assert "broke down: ValueError: a wheel came off" in str(error)
    with pytest.raises(ModelError, match="a wheel came off") as later:
        model.generate(question(), 0)
    assert isinstance(later.value.__cause__, ValueError)


def test_lack_of_memory_costs_the_kept_beginnings_first(spec, opened, monkeypatch) -> None:
    model = opened({"agent": spec()})["agent"]
    model.generate(question(), 0)
    original, failures = Network.read, [1]

    def read(self, first, pieces):
        if failures and failures.pop():
            raise torch.OutOfMemoryError("CUDA out of memory")
        return original(self, first, pieces)

    monkeypatch.setattr(Network, "read", read)
    again = model.generate(question(), 0)
    assert again.token_ids == model.generate(question(), 0).token_ids


def test_lack_of_memory_is_told_and_the_next_may_fit(spec, opened, monkeypatch) -> None:
    model = opened({"agent": spec()})["agent"]
    original = Network.read

    def read(self, first, pieces):
        if first + len(pieces) > 2:
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2 GiB")
        return original(self, first, pieces)

    monkeypatch.setattr(Network, "read", read)
    told = at_once(*[lambda n=n: model.generate(question(f"{n}"), n) for n in range(6)])
    errors = [error for error in told if isinstance(error, ModelError)]
    assert errors
    assert "Tried to allocate 2 GiB. Lower batch, cache_bytes, chunk or context" in str(errors[0])
    assert model.generate(question(), 0).text


def test_who_is_interrupted_leaves_no_row_behind(spec, opened) -> None:
    model = opened({"agent": spec(tokens=3_000)}, force=lambda *_: "go " * 2_900)["agent"]
    main = threading.main_thread().ident
    assert main is not None

    def interrupt() -> None:
        while model.statistics().decoded_tokens < 5:
            time.sleep(0.01)
        signal.pthread_kill(main, signal.SIGINT)

    thread = threading.Thread(target=interrupt)
    thread.start()
    with pytest.raises(KeyboardInterrupt):
        model.generate(question(), 0)
    thread.join()
    time.sleep(0.3)
    before = model.statistics().passes
    time.sleep(0.3)
    assert model.statistics().passes == before


def test_many_threads_and_seeds_come_back_to_their_own(spec, opened) -> None:
    models = opened(
        {"base": spec(batch=4, cache_bytes=150_000), "tuned": spec("activated", batch=4)}
        | {"tuned": spec("activated", batch=4, cache_bytes=150_000)},
        force=lambda messages, seed: f"{messages[-1].text} {seed}",
    )
    draw = np.random.default_rng(0)
    roles = [str(role) for role in draw.choice(["base", "tuned"], 40)]
    calls = [
        lambda n=n, role=role: models[role].generate(question(f"n{n}"), n)
        for n, role in enumerate(roles)
    ]
    answers = at_once(*calls)
    assert [answer.text for answer in answers] == [f"n{n} {n}" for n in range(40)]
