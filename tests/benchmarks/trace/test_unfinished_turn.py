"""Calls of a turn that never ended are in the trace."""

from pathlib import Path

from agents.model import Call, Completion, Message, Usage
from benchmarks.episode import Episode
from benchmarks.models.earlier import asked_of
from benchmarks.trace import Trace
from benchmarks.trace.recorder import Recorder


def call(role: str, text: str, routine: str = "") -> Call:
    messages = (Message("system", "rules"), Message("user", text))
    return Call(role, routine, "model", 7, messages, Completion(text.upper(), Usage(3, 0, 0, 1)))


def test_calls_are_there_before_their_turn_and_once_after_it(tmp_path: Path) -> None:
    path = tmp_path / "trace.jsonl"
    recorder = Recorder(path)
    observation, info = {"observation": "a room", "memory": ""}, {"turn": 0}
    recorder.start(Episode("any:Room-v0", 3), observation, info, None)
    recorder.call(call("agent", "first"))
    recorder.turn(
        "wait", observation, 0.0, info, [call("agent", "first", "log"), call("own", "mine", "x")]
    )
    recorder.call(call("agent", "second"))
    recorder.call(call("agent", "third"))

    trace = Trace(path)
    (turn,) = trace.turns()
    assert turn.calls == (call("agent", "first", "log"), call("own", "mine", "x"))
    assert trace.unfinished == (call("agent", "second"), call("agent", "third"))
    assert [number for number, _ in asked_of(Trace(path))] == [1, 1, 2, 2]

    whole = path.read_bytes()
    for cut in range(len(whole) - 200, len(whole)):
        path.write_bytes(whole[:cut])
        torn = Trace(path)
        assert len(list(torn.turns())) == 1
        assert torn.unfinished in ((), (call("agent", "second"),))
    recorder.close()
