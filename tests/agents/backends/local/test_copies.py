"""Copies of a model in processes of their own answer as one in this process does."""

import multiprocessing
import os
import signal
import threading
from dataclasses import replace

import pytest

from agents.backends import open_models
from agents.model import (
    ChatModel,
    ContextTooLongError,
    Message,
    ModelError,
    ModelSetupError,
    ModelSpec,
    Sampling,
)

SYSTEM = Message("system", "You play a game. Write one command. " * 8)


def question(text: str) -> list[Message]:
    return [SYSTEM, Message("user", text)]


@pytest.fixture(scope="module")
def specs(base):
    sampling = Sampling(temperature=1.0, max_tokens=8)
    options = {"device": "cpu", "copies": 2}
    return {
        "specialist": ModelSpec("local", str(base), str(base / "adapter"), sampling, options),
        "gameplay": ModelSpec("local", str(base), "", sampling, options),
    }


@pytest.fixture(scope="module")
def copied(specs):
    models = open_models(specs)
    yield models
    for model in models.values():
        model.close()


def test_they_answer_what_one_in_this_process_does(specs, opened, copied) -> None:
    here = opened({role: replace(it, options={"device": "cpu"}) for role, it in specs.items()})
    asked = [(role, question(f"A wall {n} steps away."), n) for n in range(12) for role in copied]
    found: dict[int, tuple[int, ...]] = {}

    def ask(number: int) -> None:
        role, messages, seed = asked[number]
        found[number] = copied[role].generate(messages, seed).token_ids

    threads = [threading.Thread(target=ask, args=(n,)) for n in range(len(asked))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    for number, (role, messages, seed) in enumerate(asked):
        assert found[number] == here[role].generate(messages, seed).token_ids
    for role, model in copied.items():
        assert isinstance(model, ChatModel)
        assert model.name == here[role].name


def test_a_conversation_that_goes_on_is_known_where_it_began(copied) -> None:
    model = copied["gameplay"]
    for number in range(6):
        talk = question(f"A door {number} steps away.")
        first = model.generate(talk, 1)
        talk += [Message("assistant", first.text), Message("user", "Go on.")]
        went_on = model.generate(talk, 1)
        assert went_on.usage.cached_tokens >= first.usage.input_tokens - 1


def test_what_goes_wrong_with_one_conversation_is_told_to_who_asked(copied) -> None:
    with pytest.raises(ContextTooLongError, match="does not fit"):
        copied["gameplay"].generate(question("far " * 20_000), 0)
    assert copied["gameplay"].generate(question("A wall."), 0).usage.output_tokens > 0


def test_a_copy_that_died_is_told_and_the_other_can_be_closed(specs) -> None:
    others = set(multiprocessing.active_children())
    model = open_models({"gameplay": specs["gameplay"]})["gameplay"]
    mine = set(multiprocessing.active_children()) - others
    assert len(mine) == 2
    for process in mine:
        os.kill(process.pid or 0, signal.SIGKILL)
        process.join()
    for _ in range(2):
        with pytest.raises(ModelError, match="a copy of the local model died"):
            model.generate(question("A wall."), 0)
    model.close()
    model.close()
    with pytest.raises(ModelError):
        model.generate(question("A wall."), 0)


def test_a_model_that_cannot_be_had_is_told_and_leaves_no_process(spec) -> None:
    before = set(multiprocessing.active_children())
    with pytest.raises(ModelSetupError, match="was made for"):
        open_models({"agent": spec(copies=2, context=10**9)})
    assert set(multiprocessing.active_children()) <= before


def test_roles_agree_on_how_many_there_are(spec) -> None:
    with pytest.raises(ModelSetupError, match="2 for the specialist, 1 for the gameplay"):
        open_models({"specialist": spec(copies=2), "gameplay": spec()})


def test_an_error_that_is_none_of_ours_is_told(specs) -> None:
    model = open_models({"gameplay": specs["gameplay"]})["gameplay"]
    with pytest.raises(ModelError, match=r"a copy of the local model failed: \w+"):
        model.generate(question("A wall."), -1)  # no seed is negative
    assert model.generate(question("A wall."), 0).usage.output_tokens > 0
    model.close()


@pytest.mark.parametrize("count", [0, 1.5, "two"])
def test_a_number_that_is_none_is_refused(spec, count) -> None:
    with pytest.raises(ModelSetupError, match="copies is a number, 1 or more"):
        open_models({"agent": spec(copies=count)})
