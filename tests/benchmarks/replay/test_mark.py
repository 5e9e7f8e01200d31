from __future__ import annotations

import pytest

from agents import Event
from agents.backends.recorded import Overflow
from benchmarks.replay.mark import Mark
from benchmarks.trace import Turn


def turn(*commands: tuple[str, bool], invalid: str | None = None, **more) -> Turn:
    done = [{"command": command, "ok": ok, "result": ""} for command, ok in commands]
    info = {"commands": done, "invalid_action": invalid}
    return Turn(turn=1, action="", observation={}, reward=0.0, info=info, **more)


@pytest.mark.parametrize(
    ("marked", "mark"),
    [
        (turn(), Mark(0)),
        (turn(("<|APPEND|>a.md|x<|END|>", True)), Mark.WRITE),
        (turn(("<|SEARCH|>a.md|x<|END|>", True)), Mark.SEARCH),
        (turn(("<|READ|>a.md<|END|>", True)), Mark.READ),
        (turn(("<|APPEND|>a.md|x<|END|>", False)), Mark.REFUSED),
        (turn(("<|CONJURE|>a.md<|END|>", True)), Mark.READ),
        (turn(("<|CONJURE|>a.md<|END|>", True), files={"a.md": "x"}), Mark.READ | Mark.WRITE),
        (turn(invalid="fly"), Mark.INVALID),
        (turn(events=(Event("rejected", "too long"),)), Mark.REJECTED),
        (turn(events=(Event("hand-over", ""),)), Mark(0)),
        (turn(asked=(Overflow("agent", 1, ()),)), Mark.CALL),
        (
            turn(("<|READ|>a.md<|END|>", True), ("<|DELETE|>a.md|1<|END|>", True), invalid=""),
            Mark.READ | Mark.WRITE | Mark.INVALID,
        ),
    ],
)
def test_a_turn_is_marked_with_all_that_happened_in_it(marked, mark):
    assert Mark.of(marked) == mark
