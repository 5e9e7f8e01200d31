"""Plays what a run still owes."""

from __future__ import annotations

from collections import Counter

from rich.console import Console

from benchmarks.display import make_display
from benchmarks.episode import Episode
from benchmarks.executor import Executor, Outcome
from benchmarks.run_directory import RunDirectory
from benchmarks.summary import to_json

#: How often an episode is played, at most, until it succeeds.
ATTEMPTS = 3


def owed(run: RunDirectory) -> list[Episode]:
    """The episodes of a run that have no result, or a failure in its place."""
    return [episode for episode, result in run.results() if result is None or result.error]


def carry_out(run: RunDirectory, executor: Executor, console: Console, quiet: bool) -> None:
    """Plays the owed episodes; those that fail are played again, :data:`ATTEMPTS` times in all.

    Args:
        run: The prepared run directory; every result is in it as soon as the episode has ended, and
            ``results.json`` at the end, or when the run is interrupted.
        executor: Who plays.
        console: Where progress is shown.
        quiet: Whether little is to be shown.
    """
    try:
        for _ in range(ATTEMPTS):
            episodes = owed(run)
            if not episodes:
                break
            totals = Counter(episode.env_id for episode in episodes)
            events = executor.run(episodes, run.path)
            with make_display(console, totals, quiet) as display:
                try:
                    for event in events:
                        if isinstance(event, Outcome):
                            run.save(event.episode, event.result)
                        display.show(event)
                finally:
                    events.close()
    finally:
        run.save_results(to_json(run.results()))
