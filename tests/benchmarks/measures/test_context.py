"""The sizes of prompts are those of the calls, by role and routine."""

from __future__ import annotations

from agents.model import Call, Completion, Usage
from benchmarks.measures.context import ContextSize


def call(role: str, routine: str, tokens: int) -> Call:
    return Call(role, routine, "model", 0, (), Completion("", Usage(tokens, output_tokens=1)))


def test_sizes_by_role_and_routine() -> None:
    size = ContextSize()
    for step in (1, 2, 3):
        size.add(call("specialist", "LOG", 100 * step))
        size.add(call("specialist", "LOG", 50))
        size.add(call("gameplay", "PLAN", 10))
        size.end_step()
    found = size.context()
    gameplay, log = found["parts"]
    assert (gameplay["role"], gameplay["calls"], gameplay["tokens"]) == ("gameplay", 3, 30)
    assert (log["tokens"], log["largest_call"], log["largest_step"]) == (750, 300, 350)
    assert (found["largest_step"], found["growth_per_step"]) == (360, 100)
    curve = size.curve()
    assert curve is not None
    assert curve["values"] == [160, 260, 360]


def test_where_no_model_was_asked_there_is_nothing() -> None:
    size = ContextSize()
    size.end_step()
    assert (size.context(), size.curve()) == ({}, None)
