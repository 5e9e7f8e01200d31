"""Models in the driver, asked by agents in real worker processes."""

from __future__ import annotations

import json
import os
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from agents.accounting import Budget, Ledger
from agents.model import (
    BudgetSpentError,
    ChatModel,
    Completion,
    ContextTooLongError,
    ModelError,
    ModelSetupError,
    ModelSpec,
    ToolCompletion,
    Usage,
)
from benchmarks.episode import Episode
from benchmarks.executors.executor import Beat, Event, Halt, Outcome
from benchmarks.executors.pool import Pool
from benchmarks.models.desk import ModelDesk
from benchmarks.models.wire import sendable
from benchmarks.trace import Trace

VAULT = "examples.vault:AutoMem-Vault-v0"
STEPS = 5


@pytest.fixture(autouse=True)
def _players(monkeypatch):
    monkeypatch.syspath_prepend(str(Path(__file__).parent))


class Model:
    """Answers as it is told to."""

    name = "m"

    def __init__(self, answer: Callable[[int], Any] = lambda seed: "east") -> None:
        self.answer = answer
        self.calls = 0
        self.closed = threading.Event()

    def generate(self, messages, seed):
        self.calls += 1
        return Completion(self.answer(seed), Usage(100, 0, 0, 10))

    def close(self):
        self.closed.set()


class ToolsToo(Model):
    def call(self, system, messages, tools, seed, force=""):
        assert system == "s"
        return ToolCompletion(({"type": "text", "text": "west"},), Usage(5, 0, 0, 1))


def episodes(agent: str, count: int = 1, **agent_args: object) -> list[Episode]:
    models = {"agent": ModelSpec("messages", "m").to_json()}
    return [
        Episode(
            VAULT,
            seed,
            agent=f"asking_players:{agent}",
            agent_args=agent_args,
            models=models,
            max_game_steps=STEPS,
        )
        for seed in range(1, count + 1)
    ]


def play(
    model: ChatModel,
    played: list[Episode],
    root: Path,
    workers: int = 1,
    ledger: Ledger | None = None,
) -> list[Event]:
    desk = ModelDesk({"agent": model})
    desk.ledger = ledger
    try:
        events = Pool(workers, desk=desk).run(played, root)
        return [event for event in events if not isinstance(event, Beat)]
    finally:
        desk.close()


def outcome(events: list[Event]) -> Outcome:
    (event,) = events
    assert isinstance(event, Outcome)
    return event


def trace(root: Path, episode: Episode) -> Trace:
    return Trace(root / episode.folder / "trace.jsonl")


def test_calls_of_which_an_agent_does_not_tell_are_recorded(tmp_path: Path) -> None:
    model, played = Model(), episodes("Asker")
    result = outcome(play(model, played, tmp_path)).result
    assert (result.error, result.game_steps) == ("", STEPS)
    assert result.models["agent"]["calls"] == model.calls == STEPS
    assert result.models["agent"]["input_tokens"] == 100 * STEPS
    (call,) = next(trace(tmp_path, played[0]).turns()).calls
    assert (call.role, call.routine, call.model, call.seed) == ("agent", "", "m", 1)
    assert call.completion.text == "east"
    assert model.closed.is_set()


def test_one_process_may_have_several_calls_under_way(tmp_path: Path) -> None:
    together = threading.Barrier(4, timeout=20)

    def answer(seed: int) -> str:
        together.wait()
        return "east"

    result = outcome(play(Model(answer), episodes("Crowd"), tmp_path)).result
    assert result.error == ""
    assert result.models["agent"]["calls"] == 4 * STEPS


def test_calls_of_all_processes_are_under_way_at_once(tmp_path: Path) -> None:
    together = threading.Barrier(3, timeout=20)

    def answer(seed: int) -> str:
        if seed == 1:
            together.wait()
        return "east"

    events = play(Model(answer), episodes("Asker", 3), tmp_path, workers=3)
    assert [event.result.error for event in events if isinstance(event, Outcome)] == [""] * 3


def test_a_model_that_calls_tools_is_one_for_the_agent_too(tmp_path: Path) -> None:
    played = episodes("Tools")
    assert outcome(play(ToolsToo(), played, tmp_path)).result.models["agent"]["calls"] == STEPS
    (call,) = next(trace(tmp_path, played[0]).turns()).calls
    assert ToolCompletion.from_completion(call.completion).content[0]["text"] == "west"
    plain = outcome(play(Model(), played, tmp_path)).result
    assert "no attribute 'call'" in plain.reason, "it offers what it has, and no more"


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (ModelError("no answer"), "ModelError: no answer"),
        (
            ContextTooLongError(900, 800),
            "ContextTooLongError: a conversation of 900 tokens does not fit into a context of 800",
        ),
    ],
)
def test_an_error_reaches_the_agent_as_what_it_is(
    tmp_path: Path, error: ModelError, told: str
) -> None:
    def answer(seed: int) -> str:
        raise error

    played = episodes("Stubborn")
    result = outcome(play(Model(answer), played, tmp_path)).result
    assert (result.error, result.commands) == ("", {"APPEND": STEPS})
    turn = next(trace(tmp_path, played[0]).turns())
    assert told in turn.action
    assert len(turn.asked) == isinstance(error, ContextTooLongError)


def test_a_fault_of_a_model_is_a_failure_with_its_traceback(tmp_path: Path) -> None:
    def answer(seed: int) -> str:
        return {"a": "b"}[seed]  # type: ignore[index, return-value]

    result = outcome(play(Model(answer), episodes("Stubborn"), tmp_path)).result
    assert "KeyError: 1" in result.error
    assert "in answer" in result.error, "the line of the model's own code is there"


def test_an_answer_that_cannot_be_sent_is_a_failure_too(tmp_path: Path) -> None:
    result = outcome(play(Model(lambda seed: lambda: 1), episodes("Asker"), tmp_path)).result
    assert "pickle" in result.error


def test_a_spent_budget_halts_and_starts_nothing_more(tmp_path: Path) -> None:
    spec = {"agent": ModelSpec("messages", "m")}
    ledger = Ledger.resume(tmp_path / "calls.jsonl", spec, budget=Budget(tokens=350))
    events = play(Model(), episodes("Asker", 5), tmp_path, ledger=ledger)
    (halt,) = events
    assert isinstance(halt, Halt)
    assert isinstance(halt.error, BudgetSpentError)
    assert ledger.total.calls == 4
    assert not list(tmp_path.rglob("result.json"))


def test_a_setup_that_cannot_work_halts(tmp_path: Path) -> None:
    def answer(seed: int) -> str:
        raise ModelSetupError("the key is wrong")

    (halt,) = play(Model(answer), episodes("Asker", 3), tmp_path)
    assert isinstance(halt, Halt)
    assert str(halt.error) == "the key is wrong"


def test_a_process_that_dies_while_it_waits_loses_its_episode_and_the_call_counts(
    tmp_path: Path,
) -> None:
    died = threading.Event()

    def answer(seed: int) -> str:
        if not died.is_set():
            died.set()
            (pid,) = (int(path.name.removeprefix("pid ")) for path in tmp_path.glob("pid *"))
            os.kill(pid, signal.SIGKILL)
            time.sleep(0.5)  # so that the answer comes after the death was seen
        return "east"

    spec = {"agent": ModelSpec("messages", "m")}
    ledger = Ledger.resume(tmp_path / "calls.jsonl", spec)
    events = play(
        Model(answer), episodes("Pidded", 2, folder=str(tmp_path)), tmp_path, ledger=ledger
    )
    first, second = (event.result for event in events if isinstance(event, Outcome))
    assert "SIGKILL" in first.error
    assert (second.error, second.game_steps) == ("", STEPS)
    lines = [json.loads(line) for line in (tmp_path / "calls.jsonl").read_text().splitlines()]
    assert len(lines) == 1 + STEPS
    assert sorted({line["episode"] for line in lines}) == [f"{VAULT} seed 1", f"{VAULT} seed 2"]


def test_closing_does_not_wait_for_calls_for_ever(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr("benchmarks.models.desk._GRACE", 0.2)
    asked, release = threading.Event(), threading.Event()

    def answer(seed: int) -> str:
        if seed > 1000:
            asked.set()
            release.wait()
        else:
            asked.wait()
        return "east"

    desk = ModelDesk({"agent": Model(answer)})
    played = [*episodes("Asker", first=1000), *episodes("Asker", 2)[1:]]
    events = Pool(2, desk=desk).run(played, tmp_path)
    ended = next(event for event in events if isinstance(event, Outcome))
    assert ended.episode == played[1]
    started = time.monotonic()
    events.close()
    desk.close()
    assert time.monotonic() - started < 5
    release.set()
    desk.close()


class Odd(ModelSetupError):
    """Has arguments of its own, which pickle does not keep."""

    def __init__(self, name: str, place: str) -> None:
        super().__init__(f"{name} at {place}")


def test_errors_that_cannot_be_pickled_keep_their_kind() -> None:
    sent = sendable(Odd("a", "b"))
    assert type(sent) is ModelSetupError
    assert str(sent) == "a at b"
    assert isinstance(sendable(ContextTooLongError(1, 2)), ContextTooLongError)
