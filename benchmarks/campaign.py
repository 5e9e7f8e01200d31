"""Plays what a run still owes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator
from contextlib import suppress

from rich.console import Console

from agents.accounting import Ledger
from agents.model import BudgetSpentError
from benchmarks.display import Display, make_display
from benchmarks.episode import Episode
from benchmarks.executors.executor import Event, Executor, Halt, Outcome, Stop, StorageError
from benchmarks.interruption import deferred
from benchmarks.run_directory import RunDirectory
from benchmarks.summary import to_json

#: How often an episode is played, at most, until it succeeds.
ATTEMPTS = 3


def owed(run: RunDirectory) -> list[Episode]:
    """The episodes of a run that have no result, or a failure in its place."""
    return [episode for episode, result in run.results() if result is None or result.error]


def carry_out(
    run: RunDirectory,
    executor: Executor,
    console: Console,
    quiet: bool,
    ledger: Ledger | None = None,
) -> Stop | None:
    """Plays the owed episodes; those that fail are played again, :data:`ATTEMPTS` times in all.

    Args:
        run: The prepared run directory; every result is in it as soon as the episode has ended, and
            ``results.json`` at the end, or when the run is interrupted.
        executor: Who plays.
        console: Where progress is shown.
        quiet: Whether little is to be shown.
        ledger: What the models have cost so far.

    Returns:
        Why no more could be played; None where all was tried that there was to try. What had been
        started then is owed as if it had not been.

    Raises:
        KeyboardInterrupt: The run was interrupted.
    """
    with deferred():
        try:
            for _ in range(ATTEMPTS):
                episodes = owed(run)
                if not episodes:
                    break
                totals = Counter(episode.env_id for episode in episodes)
                events = executor.run(episodes, run.path)
                with make_display(console, totals, quiet, ledger) as display:
                    halt = _follow(run, events, display)
                if halt is not None:
                    return halt.error
            return None
        except OSError as error:
            storage = StorageError.of(error)
            if storage is None:
                raise
            return storage
        finally:
            with suppress(OSError):  # it is made anew whenever the run goes on
                run.save_results(to_json(run.results()))


def _follow(run: RunDirectory, events: Generator[Event], display: Display) -> Halt | None:
    """Saves and shows what happens; gives the halt that ended it, if any."""
    halt: Halt | None = None
    try:
        for event in events:
            if isinstance(event, Halt):
                halt = event
                if not isinstance(event.error, BudgetSpentError):
                    break  # the others will meet it too
                continue
            if isinstance(event, Outcome):
                run.save(event.episode, event.result)
            display.show(event)
    finally:
        events.close()
    return halt
