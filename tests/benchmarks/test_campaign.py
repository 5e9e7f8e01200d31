from __future__ import annotations

import errno
import io
import os
import signal
import time
from contextlib import nullcontext
from pathlib import Path

import pytest
from rich.console import Console

from agents.model import BudgetSpentError, ModelSetupError
from benchmarks.campaign import carry_out
from benchmarks.configuration import Configuration
from benchmarks.episode import Episode
from benchmarks.episode_result import EpisodeResult
from benchmarks.executors.executor import Event, Halt, Outcome, StorageError, failure
from benchmarks.interruption import deferred, safe_moment
from benchmarks.run_directory import RunDirectory
from benchmarks.summary import summarise
from benchmarks.task import Task

SETTINGS = Configuration((Task(("Env",), (1, 2, 3, 4)),))


class Script:
    """An executor that does what a function says about each episode, in order."""

    def __init__(self, react) -> None:
        self.react = react
        self.started: list[int] = []
        self.closed = 0

    def run(self, episodes, root):
        try:
            for episode in episodes:
                self.started.append(episode.seed)
                yield self.react(episode)
        finally:
            self.closed += 1


def done(episode: Episode) -> Outcome:
    return Outcome(episode, EpisodeResult(episode.digest, "Env", episode.seed, 0, game_steps=1))


def interrupt() -> None:
    os.kill(os.getpid(), signal.SIGINT)
    time.sleep(0)  # the handler runs between two instructions of this thread


@pytest.fixture
def run(tmp_path: Path):
    with RunDirectory(tmp_path / "run") as directory:
        directory.prepare(SETTINGS)
        yield directory


def carry(run: RunDirectory, script: Script):
    return carry_out(run, script, Console(file=io.StringIO()), quiet=True)


def finished(run: RunDirectory) -> list[int]:
    return [result.seed for result in run.finished()]


@pytest.mark.filterwarnings("error")
def test_a_result_that_has_come_in_is_saved_before_ctrl_c_takes_effect(run) -> None:
    def react(episode: Episode) -> Event:
        if episode.seed == 2:
            # As if it came after the result was received, and before it was saved.
            interrupt()
        if episode.seed == 3:
            with safe_moment():
                raise AssertionError("this moment is never reached")
        return done(episode)

    script = Script(react)
    with pytest.raises(KeyboardInterrupt):
        carry(run, script)
    assert finished(run) == [1, 2]
    assert (script.started, script.closed) == ([1, 2, 3], 1)
    assert (run.path / "results.json").exists()
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def interrupted(*, waiting: bool = False, deferring: bool = True, times: int = 1) -> list[str]:
    """What is reached when Ctrl-C comes, and ``interrupted`` if it takes effect in the end."""
    reached = []
    try:
        with deferred() if deferring else nullcontext():
            with safe_moment() if waiting else nullcontext():
                for _ in range(times):
                    interrupt()
                    reached.append("went on")
            reached.append("came to the end")
    except KeyboardInterrupt:
        reached.append("interrupted")
    return reached


def test_ctrl_c_takes_effect_at_once_where_the_program_waits() -> None:
    assert interrupted(waiting=True) == ["interrupted"]


def test_ctrl_c_is_not_lost_where_nothing_waits_any_more() -> None:
    assert interrupted() == ["went on", "came to the end", "interrupted"]


def test_a_second_ctrl_c_does_not_wait() -> None:
    assert interrupted(times=2) == ["went on", "interrupted"]


def test_without_deferring_ctrl_c_is_what_it_always_is() -> None:
    assert interrupted(deferring=False) == ["interrupted"]
    assert interrupted(deferring=False, waiting=True) == ["interrupted"]


def test_a_spent_budget_is_told_and_uses_no_attempts_up(run) -> None:
    def react(episode: Episode) -> Event:
        halts = episode.seed in (2, 4)
        return Halt(episode, BudgetSpentError("spent")) if halts else done(episode)

    script = Script(react)
    halt = carry(run, script)
    assert isinstance(halt, BudgetSpentError)
    assert finished(run) == [1, 3], "what was under way may end"
    assert script.started == [1, 2, 3, 4]
    assert [result for _, result in run.results() if result is None or result.error] == [None] * 2


def test_a_setup_that_cannot_work_ends_the_run_at_once(run) -> None:
    def react(episode: Episode) -> Event:
        wrong = episode.seed == 2
        return Halt(episode, ModelSetupError("wrong key")) if wrong else done(episode)

    script = Script(react)
    halt = carry(run, script)
    assert str(halt) == "wrong key"
    assert (script.started, script.closed) == ([1, 2], 1)
    assert finished(run) == [1]


def test_a_full_disk_ends_the_run_at_once_and_says_what_to_do(run) -> None:
    full = StorageError.of(OSError(errno.ENOSPC, "No space left on device", "trace.jsonl"))
    script = Script(lambda episode: Halt(episode, full) if episode.seed == 2 else done(episode))
    halt = carry(run, script)
    assert "No space left on device (trace.jsonl)" in str(halt)
    assert "run the same command again" in str(halt)
    assert (script.started, finished(run)) == ([1, 2], [1])


def test_a_result_that_cannot_be_saved_ends_the_run_the_same_way(run, monkeypatch) -> None:
    def save(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(run, "save", save)
    monkeypatch.setattr(run, "save_results", save)
    script = Script(done)
    assert "No space left on device" in str(carry(run, script))
    assert (script.started, script.closed) == ([1], 1)


def test_failed_attempts_are_counted_over_all_invocations(run) -> None:
    def fail(episode: Episode) -> Outcome:
        return failure(episode, "Traceback\nOSError: gone") if episode.seed == 2 else done(episode)

    carry(run, Script(fail))
    assert [result.failures for _, result in run.results() if result] == [0, 3, 0, 0]
    carry(run, Script(done))
    assert [result.attempts for result in run.finished()] == [1, 4, 1, 1]
    (summary,) = summarise(run.results())
    assert (summary.episodes, summary.failures) == (4, 3)


def test_an_episode_that_was_left_has_not_failed(run) -> None:
    carry(run, Script(lambda episode: Halt(episode, BudgetSpentError("spent"))))
    carry(run, Script(done))
    assert [result.attempts for result in run.finished()] == [1, 1, 1, 1]
