"""Conversations to learn from: what models were asked in recorded runs, and what they answered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from agents.model import Call, Message
from benchmarks.run_directory import RunDirectory
from benchmarks.trace import Trace


def conversations(runs: Iterable[Path]) -> Iterator[tuple[Message, ...]]:
    """The conversations of the finished episodes of runs, each once, with its last answer.

    Args:
        runs: The run directories.

    Raises:
        RunError: One is none.
        TraceError: A trace is damaged.
    """
    for run in runs:
        directory = RunDirectory(run)
        for episode, result in directory.results():
            if result is not None and not result.error:
                yield from of_trace(Trace(directory.trace(episode)))


def of_trace(trace: Trace) -> Iterator[tuple[Message, ...]]:
    """The conversations of one episode."""
    return of_calls(call for turn in trace.turns() for call in turn.calls)


def of_calls(calls: Iterable[Call]) -> Iterator[tuple[Message, ...]]:
    """The conversations of which calls are part; one that only leads to the next is no other."""
    last: Call | None = None
    for call in calls:
        if last is not None and not _goes_on(last, call):
            yield _whole(last)
        last = call
    if last is not None:
        yield _whole(last)


def _goes_on(last: Call, call: Call) -> bool:
    """Whether a call is the next one of the same conversation."""
    count = len(last.messages)
    return len(call.messages) > count and call.messages[:count] == last.messages


def _whole(call: Call) -> tuple[Message, ...]:
    return (*call.messages, Message("assistant", call.completion.text))
