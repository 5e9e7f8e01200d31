from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents import Event
from agents.backends.recorded import Asked, Overflow
from agents.model import Call, Completion, Message, Usage
from benchmarks.episode import Episode
from benchmarks.trace import Recorder, Trace
from benchmarks.trace.calls import CallReader, CallWriter
from benchmarks.trace.texts import KEPT, TextTable

EPISODE = Episode("examples.vault:AutoMem-Vault-v0", 3)
SYSTEM = "# LOG: keep the notes\n" + "rules of the game\n" * 200
TEXTS = st.one_of(
    st.text(max_size=40),
    st.lists(st.sampled_from(["a", "b", "<step>1</step>", "", "\ud800"]), max_size=30).map(
        "\n".join
    ),
)
ROLES = st.sampled_from(["system", "user", "assistant"])
MESSAGES = st.lists(st.builds(Message, ROLES, TEXTS), max_size=6).map(tuple)
COUNTS = st.integers(0, 10**7)
COMPLETIONS = st.builds(
    Completion,
    TEXTS,
    st.builds(Usage, COUNTS, COUNTS, COUNTS, COUNTS),
    st.sampled_from(["end", "length", "refusal"]),
    st.integers(0, 10**6).map(lambda n: n / 1000),
    st.none() | st.lists(COUNTS, max_size=3).map(tuple),
    st.none() | st.lists(st.sampled_from([-0.5, -12.25, 0.0]), max_size=3).map(tuple),
)
NAMES = st.sampled_from(["specialist", "gameplay", "agent", "|"])
ASKED = st.one_of(
    st.builds(Call, NAMES, NAMES, NAMES, st.integers(0, 2**32 - 1), MESSAGES, COMPLETIONS),
    st.builds(
        Overflow, NAMES, st.integers(0, 2**32 - 1), MESSAGES, st.none() | COUNTS, st.none() | COUNTS
    ),
)


@given(st.lists(ASKED, max_size=12))
def test_calls_come_back_as_they_were(calls: list[Asked]) -> None:
    writer, reader = CallWriter(), CallReader()
    for call in calls:
        line = json.dumps(writer.write(call))
        assert reader.read(json.loads(line)) == call


@settings(max_examples=20)  # each writes hundreds of texts
@given(st.data())
def test_reader_and_writer_forget_the_same_texts(data: st.DataObject) -> None:
    writer, reader = TextTable(), TextTable()
    like = None
    for _ in range(3):
        # A stretch of new texts, as long as the table keeps or longer, then old ones again.
        for number in range(data.draw(st.sampled_from([0, 1, KEPT - 1, KEPT, KEPT + 1]))):
            written, like = writer.write(f"same\nlines\nhere\n{number}", like)
            assert reader.read(json.loads(json.dumps(written))).endswith(f"\n{number}")
        text = data.draw(TEXTS)
        written, like = writer.write(text, like)
        assert reader.read(json.loads(json.dumps(written))) == text


def conversation(step: int) -> tuple[Message, ...]:
    observation = "\n".join(f"line {n} of a map" for n in range(30))
    first = f"<step>{step}</step>\n{observation}\nhp {step}"
    return Message("system", SYSTEM), Message("user", first)


def call(step: int) -> Call:
    return Call("agent", "log", "m", step, conversation(step), Completion(f"<|DONE|> {step}"))


def record(path: Path, turns: list[list[Asked]], events: tuple[Event, ...] = ()) -> None:
    recorder = Recorder(path)
    recorder.start(EPISODE, {"observation": "a"}, {"game_step": 0}, None)
    for asked in turns:
        recorder.turn("x", {"observation": "a"}, 0.0, {"game_step": 1}, asked, events)
    recorder.finish()
    recorder.close()


def test_the_calls_of_a_trace_are_read_with_their_turn(tmp_path: Path) -> None:
    path = tmp_path / "trace.jsonl"
    overflow = Overflow("agent", 2, conversation(2), 900, None)
    record(path, [[call(1)], [], [overflow, call(2), call(3)]], (Event("hand-over", "at 3"),))
    trace = Trace(path)
    first, second, third = trace.turns()
    assert (first.calls, second.calls, third.calls) == ((call(1),), (), (call(2), call(3)))
    assert third.asked == (overflow, call(2), call(3))
    assert first.events == (Event("hand-over", "at 3"),)
    assert trace.finished


def test_a_static_prompt_is_stored_once_and_a_similar_one_as_what_is_new(tmp_path: Path) -> None:
    path = tmp_path / "trace.jsonl"
    turns: list[list[Asked]] = [[call(step)] for step in range(1, 501)]
    record(path, turns)
    assert path.read_text().count("# LOG: keep the notes") == 1
    said = sum(len(message.text) for (one,) in turns for message in one.messages)
    assert path.stat().st_size < said / 10
    assert [turn.asked for turn in Trace(path).turns()] == [tuple(asked) for asked in turns]


def test_an_interrupted_trace_is_not_finished(tmp_path: Path) -> None:
    path = tmp_path / "trace.jsonl"
    record(path, [[call(1)], [call(2)]])
    whole = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(whole[:-1]))
    assert not Trace(path).finished
    assert len(list(Trace(path).turns())) == 2
    path.write_bytes(b"".join(whole[:2]) + whole[2][:-20])
    torn = Trace(path)
    assert [turn.calls for turn in torn.turns()] == [(call(1),)]
    assert torn.torn
    assert not torn.finished


def test_what_is_no_call_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TypeError, match=r"agents\.model\.Call, not dict"):
        record(tmp_path / "trace.jsonl", [[{"text": "hi"}]])  # type: ignore[list-item]


def test_a_trace_from_before_there_were_calls_is_read(tmp_path: Path) -> None:
    path = tmp_path / "trace.jsonl"
    record(path, [[], []])
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    lines[0]["schema"] = 1
    del lines[0]["digest"]
    lines[1]["calls"] = [{"whatever": "was told"}]
    path.write_text("".join(f"{json.dumps(line)}\n" for line in lines))
    turns = list(Trace(path).turns())
    assert [turn.turn for turn in turns] == [1, 2]
    assert [turn.asked for turn in turns] == [(), ()]
