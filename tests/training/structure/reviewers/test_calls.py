from __future__ import annotations

import json

import pytest

from agents.backends.recorded import Overflow
from agents.model import Call, Completion, Message, Usage
from training.structure.reviewers.calls import Calls, read_calls


def call(*texts: str, answer: str = "[]") -> Call:
    roles = ("system", *("user", "assistant") * len(texts))
    messages = tuple(Message(role, text) for role, text in zip(roles, texts, strict=False))
    completion = Completion(answer, Usage(10, 4, 2, 3), "end", 0.5)
    return Call("reviewer", "review", "m", 7, messages, completion)


ASKED = (
    call("be good", "look" * 100, answer='[{"a":1}]'),
    Overflow("reviewer", 7, (Message("system", "be good"),), 900, 800),
    call("be good", "look" * 100, '[{"a":1}]', "go on \ud800"),
)


def write(path, *asked):
    calls = Calls(path)
    for one in asked:
        assert calls.take(one.messages, one.seed) is None
        calls.add(one)
    calls.close()


def test_calls_are_given_once_and_in_order(tmp_path):
    path = tmp_path / "deep" / "calls.jsonl"
    write(path, *ASKED)
    assert tuple(read_calls(path)) == ASKED
    assert len(path.read_bytes()) < 1_500, "texts stand there once"
    calls = Calls(path)
    for one in ASKED:
        assert calls.take(one.messages, one.seed) == one
    assert calls.take(ASKED[0].messages, 7) is None
    calls.close()
    calls.close()
    assert tuple(read_calls(path)) == ASKED


@pytest.mark.parametrize("there", [0, 1, 2])
def test_a_file_goes_on_as_if_it_had_never_stopped(tmp_path, there):
    whole, stopped = tmp_path / "whole", tmp_path / "stopped"
    write(whole, *ASKED)
    write(stopped, *ASKED[:there])
    calls = Calls(stopped)
    for one in ASKED[:there]:
        assert calls.take(one.messages, one.seed) == one
    for one in ASKED[there:]:
        assert calls.take(one.messages, one.seed) is None
        calls.add(one)
    calls.close()
    assert stopped.read_bytes() == whole.read_bytes()


def test_a_torn_line_is_taken_away(tmp_path):
    whole, torn = tmp_path / "whole", tmp_path / "torn"
    write(whole, *ASKED)
    first = whole.read_bytes().index(b"\n") + 1
    for length in range(first, whole.read_bytes().index(b"\n", first) + 1, 7):
        torn.write_bytes(whole.read_bytes()[:length])
        calls = Calls(torn)
        assert calls.take(ASKED[0].messages, 7) == ASKED[0]
        for one in ASKED[1:]:
            assert calls.take(one.messages, one.seed) is None
            calls.add(one)
        calls.close()
        assert torn.read_bytes() == whole.read_bytes()


def test_another_question_ends_what_is_recorded(tmp_path):
    path = tmp_path / "calls"
    write(path, *ASKED)
    calls = Calls(path)
    assert calls.take(ASKED[0].messages, 7) == ASKED[0]
    other = call("be bad", "look")
    assert calls.take(other.messages, 7) is None
    calls.add(other)
    assert calls.take(ASKED[1].messages, 7) is None
    calls.close()
    assert read_calls(path) == [ASKED[0], other]


@pytest.mark.parametrize("line", ["{}", "nothing", json.dumps({"role": "reviewer"}), "[]"])
def test_what_is_no_call_is_told(tmp_path, line):
    path = tmp_path / "calls"
    write(path, ASKED[0])
    with path.open("a") as file:
        file.write(f"{line}\n")
    with pytest.raises(ValueError, match="line 2 is no call"):
        Calls(path)
