"""Verifies a data set: every example is looked up in the traces that it says it comes from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path

from agents.model import Call
from benchmarks.run_directory import RunDirectory
from benchmarks.trace import Trace
from training.proficiency.example import Example, ExampleError, cut_out, digest_of


def verify(examples: Iterable[Example], runs: Sequence[Path]) -> int:
    """Verifies that examples are what was recorded, and that whole episodes are held out.

    Args:
        examples: The examples.
        runs: The run directories that they were selected from.

    Returns:
        How many there are.

    Raises:
        ExampleError: One is not what was recorded; the message names it.
        RunError: A run directory is none.
        TraceError: A trace is damaged, or was edited.
    """
    by_episode: defaultdict[str, list[Example]] = defaultdict(list)
    for example in examples:
        by_episode[example.episode].append(example)
    traces = _traces(runs)
    for episode, its in by_episode.items():
        if len({example.held_out for example in its}) > 1:
            raise ExampleError(
                f"{episode}: some of its examples are learnt and others held out: what measures "
                "has to be of other episodes than what is learnt; select anew"
            )
        calls: dict[tuple[int, int], list[Call]] = {(it.turn, it.call): [] for it in its}
        for place, call in _calls(traces.get(episode, ())):
            if place in calls:
                calls[place].append(call)
        for example in its:
            _verify(example, calls[example.turn, example.call], runs)
    return sum(map(len, by_episode.values()))


def _traces(runs: Sequence[Path]) -> dict[str, list[Path]]:
    """The traces of each episode: one that was played in several runs has several."""
    found: defaultdict[str, list[Path]] = defaultdict(list)
    for run in runs:
        directory = RunDirectory(run)
        for episode in directory.configuration().episodes():
            path = directory.trace(episode)
            if path.exists():
                found[episode.folder.relative_to("episodes").as_posix()].append(path)
    return found


def _calls(traces: Iterable[Path]) -> Iterator[tuple[tuple[int, int], Call]]:
    for path in traces:
        for turn in Trace(path).turns():
            for number, call in enumerate(turn.calls):
                yield (turn.turn, number), call


def _verify(example: Example, calls: Sequence[Call], runs: Sequence[Path]) -> None:
    if not calls:
        raise ExampleError(
            f"{example.place}: no such call was recorded in {', '.join(map(str, runs))}"
        )
    found = [call for call in calls if digest_of(call) == example.digest]
    if not found:
        problem = f"the digest is {example.digest:.16}..., and that of the recorded call another"
    else:
        problem = _problem(example, found[0])
    if problem:
        raise ExampleError(
            f"{example.place}: {problem}: the data set, or the trace, was changed since it was "
            "selected; select anew"
        )


def _problem(example: Example, call: Call) -> str:
    """What of an example is not as it was recorded."""
    text = call.completion.text
    edges = [edge for span in example.spans for edge in span]
    if (example.messages, example.routine) != (call.messages, call.routine):
        return "the conversation is not the recorded one"
    if any(start >= end for start, end in example.spans) or any(
        before > after for before, after in pairwise([0, *edges, len(text)])
    ):
        return (
            f"the spans {list(example.spans)} are no pieces, in order, of an answer of "
            f"{len(text):,} characters"
        )
    if cut_out(text, example.spans) != example.target:
        return "the target is not what the spans cut out of the recorded answer"
    return ""
