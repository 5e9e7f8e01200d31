"""``automem run`` with models: real worker processes, and real HTTP where a server is asked."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from benchmarks.episode import Episode
from benchmarks.models.earlier import EARLIER
from benchmarks.rollout import play
from benchmarks.trace import Trace

VAULT = "examples.vault:AutoMem-Vault-v0"
STEPS = 8
TOKENS = 105  # of each call of the server


def results(run: Path) -> dict[str, Any]:
    return json.loads((run / "results.json").read_text())


def played(run: Path) -> list[dict[str, Any]]:
    """The results without what the clock and the attempts before decide."""
    episodes = results(run)["episodes"]
    for episode in episodes:
        for name in ("seconds", "digest", "followed_steps", "attempts"):
            del episode[name]
        for model in episode["models"].values():
            del model["seconds"]
    return episodes


def trace(run: Path, seed: int = 1) -> Trace:
    return Trace(run / "episodes" / VAULT / str(seed) / "0" / "trace.jsonl")


def spent(run: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (run / "calls.jsonl").read_text().splitlines()]


@pytest.fixture
def vault(automem, tmp_path):
    """Plays some steps of the vault; gives the exit status."""

    def run(*words: object, out: Path, seeds: str = "1") -> int:
        settings = ("--env", VAULT, "--seeds", seeds, "--max-game-steps", STEPS, "--quiet")
        return automem("run", *settings, "--out", out, *words)

    return run


def asking(server, *words: object) -> tuple[object, ...]:
    options = ("--model-arg", "backoff=0.01", "--model-arg", "retries=1")
    return ("--model", "messages:base", "--base-url", server.url, *options, *words)


PAIR = ("--agent", "pair", "--model", "scripted")


def test_a_pair_plays_and_is_replayed_step_for_step(vault, tmp_path, capsys) -> None:
    run, again = tmp_path / "run", tmp_path / "again"
    assert vault(*PAIR, out=run, seeds="1-2") == 0
    episode = results(run)["episodes"][0]
    assert episode["game_steps"] == STEPS
    assert episode["events"]["hand-over"] == STEPS
    assert episode["models"].keys() == {"specialist", "gameplay"}
    assert episode["models"]["gameplay"]["calls"] >= STEPS
    assert episode["models"]["specialist"]["cost_usd"] == 0
    assert not (run / "calls.jsonl").exists(), "free calls are not accounted for"
    shown = capsys.readouterr().out
    for row in ("model calls / step", "tokens in / step", "cost, USD", "hand-over / 100 steps"):
        assert row in shown
    replay = ("--agent", "pair", "--model", f"recorded:{run}")
    assert vault(*replay, out=again, seeds="1-2") == 0
    assert played(again) == played(run)
    for seed in (1, 2):
        assert list(trace(again, seed).turns()) == list(trace(run, seed).turns())
        one, two = (trace(where, seed).path.read_bytes() for where in (run, again))
        assert one.split(b"\n")[1:] == two.split(b"\n")[1:], "but for the header they are the same"


def test_a_replay_stops_where_the_prompts_are_other_ones(vault, tmp_path, capsys) -> None:
    run, scaffold = tmp_path / "run", tmp_path / "scaffold"
    assert vault(*PAIR, out=run) == 0
    shutil.copytree(Path("agents/scaffolds/generic/v0"), scaffold)
    prompt = scaffold / "prompts" / "log.j2"
    prompt.write_text(prompt.read_text().rstrip() + " Think twice.\n")
    words = ("--agent", "pair", "--model", f"recorded:{run}", "--scaffold", scaffold)
    capsys.readouterr()
    assert vault(*words, out=tmp_path / "again") == 1
    said = capsys.readouterr().err
    assert "stopped: the recording does not fit: turn " in said
    assert "Think twice." in said
    assert results(tmp_path / "again")["owed"][0]["error"] == ""


def test_models_of_a_server_are_asked_by_the_driver_for_all_workers(
    server, vault, tmp_path
) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    server.hold = 0.02
    words = ("--agent", "pair", *asking(server, "--specialist", "messages:memory"))
    assert vault(*words, out=one, seeds="1-3") == 0
    assert server.peak == 1
    server.hold = 0.3  # the processes do not begin at the same time
    assert vault(*words, "--workers", 3, out=two, seeds="1-3") == 0
    assert server.peak == 3, "as many calls are in flight as processes wait"
    assert played(one) == played(two)
    for seed in (1, 2, 3):
        actions = [[turn.action for turn in trace(run, seed).turns()] for run in (one, two)]
        assert actions[0] == actions[1]
    asked = Counter(request.body["model"] for request in server.requests)
    calls = {
        role: sum(episode["models"][role]["calls"] for run in (one, two) for episode in played(run))
        for role in ("specialist", "gameplay")
    }
    assert asked == {"memory": calls["specialist"], "base": calls["gameplay"]}
    assert Counter(line["role"] for line in [*spent(one), *spent(two)]) == calls
    tokens = played(one)[0]["models"]["gameplay"]
    assert tokens["input_tokens"] == 100 * tokens["calls"]
    assert tokens["cached_tokens"] == 10 * tokens["calls"]
    assert tokens["cost_usd"] is None, "nobody knows its price"


def test_prices_make_costs(server, vault, tmp_path, capsys) -> None:
    prices = tmp_path / "prices.toml"
    prices.write_text(
        '[[price]]\nmodels = ["base"]\ninput = 1.0\ncached = 0.1\nwritten = 1.0\noutput = 10.0\n'
    )
    words = ("--agent", "memory", *asking(server), "--prices", prices)
    assert vault(*words, out=tmp_path / "run") == 0
    model = results(tmp_path / "run")["episodes"][0]["models"]["agent"]
    cost = model["calls"] * (90 * 1.0 + 10 * 0.1 + 5 * 10.0) / 1e6
    assert model["cost_usd"] == pytest.approx(cost)
    assert f"failed attempts included: {cost:.4f} USD" in capsys.readouterr().out


@pytest.mark.parametrize("workers", [1, 2])
def test_a_budget_ends_a_run_and_a_larger_one_goes_on(
    server, vault, tmp_path, capsys, workers
) -> None:
    whole, run = tmp_path / "whole", tmp_path / "run"
    words = ("--agent", "pair", *asking(server))
    assert vault(*words, out=whole, seeds="1-3") == 0
    needed = len(server.requests)
    server.forget()
    limit = TOKENS * needed // 2
    assert vault(*words, "--budget-tokens", limit, "--workers", workers, out=run, seeds="1-3") == 1
    said = capsys.readouterr().err
    assert f"stopped: the budget of {limit:,} tokens is spent" in said
    assert "the same command with a higher --budget-tokens goes on" in said
    first = len(server.requests)
    assert limit <= TOKENS * first <= limit + 2 * TOKENS
    left = results(run)["owed"]
    assert left
    assert not any(episode["error"] for episode in left), "it is nobody's failure"
    assert vault(*words, "--budget-tokens", limit, out=run, seeds="1-3") == 1
    assert len(server.requests) == first, "what was spent before counts"
    assert vault(*words, "--budget-tokens", 10 * limit, out=run, seeds="1-3") == 0
    assert played(run) == played(whole)
    assert len(spent(run)) == len(server.requests)
    assert len(server.requests) == needed, "no call is made a second time"
    assert not list(run.rglob(EARLIER))


def test_an_episode_that_failed_goes_on_from_its_recording(server, vault, tmp_path) -> None:
    from model_server import Status

    whole, run = tmp_path / "whole", tmp_path / "run"
    words = ("--agent", "memory", *asking(server))
    assert vault(*words, out=whole) == 0
    needed = len(server.requests)
    server.forget()
    play_on = server.react

    def react(body):
        # Two tries of one call fail, which is more than the retries allow.
        failing = needed // 2 <= len(server.requests) < needed // 2 + 2
        return Status(500, "broken") if failing else play_on(body)

    server.react = react
    assert vault(*words, out=run) == 0
    assert played(run) == played(whole)
    actions = [[turn.action for turn in trace(where).turns()] for where in (run, whole)]
    assert actions[0] == actions[1]
    assert len(server.requests) <= needed + 3


def test_a_key_that_is_revoked_stops_the_run_at_once(server, vault, tmp_path, capsys) -> None:
    from model_server import Status

    play_on = server.react
    server.react = lambda body: (
        Status(401, "the key is revoked") if len(server.requests) > 5 else play_on(body)
    )
    run = tmp_path / "run"
    assert vault("--agent", "memory", *asking(server), out=run, seeds="1-9") == 1
    (line,) = [
        line for line in capsys.readouterr().err.splitlines() if line.startswith("automem run")
    ]
    assert "stopped: " in line
    assert "the key is revoked" in line
    assert len(server.requests) == 6
    assert [episode["error"] for episode in results(run)["owed"]] == [""] * 9


@pytest.fixture
def in_flight(server, tmp_path):
    """A run of two processes that both wait for an answer, after eight answers in all.

    Gives the process of the run, and its command.
    """
    from model_server import Slow

    play_on = server.react
    server.react = lambda body: Slow() if len(server.requests) > 8 else play_on(body)
    words = ["--env", VAULT, "--seeds", "1-2", "--max-game-steps", str(STEPS), "--workers", "2"]
    words += ["--agent", "memory", *map(str, asking(server)), "--out", str(tmp_path / "run")]
    command = [sys.executable, "-m", "benchmarks", "run", *words]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True)
    while len(server.requests) < 10:
        assert process.poll() is None
        time.sleep(0.02)
    yield process, command
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.communicate()


def test_no_process_outlives_a_driver_that_was_killed(in_flight) -> None:
    process, _ = in_flight
    process.kill()
    process.wait()
    deadline = time.monotonic() + 20
    while _alive(process.pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not _alive(process.pid)


def _alive(group: int) -> bool:
    """Whether a process of a group still runs; the dead whom nobody has buried do not count."""
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            state, _, of = stat.read_text().rpartition(")")[2].split()[:3]
            if int(of) == group and state != "Z":
                return True
    return False


def test_ctrl_c_ends_a_run_whose_calls_are_in_flight(server, in_flight, tmp_path) -> None:
    run = tmp_path / "run"
    process, command = in_flight
    started = time.monotonic()
    os.killpg(process.pid, signal.SIGINT)
    said, _ = process.communicate(timeout=30)
    assert time.monotonic() - started < 10
    assert process.returncode == 130
    assert "To go on, run the same command" in said
    paid = len(spent(run))
    assert paid == 8
    server.forget()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    assert len(results(run)["episodes"]) == 2
    calls = sum(episode["models"]["agent"]["calls"] for episode in played(run))
    # What had been answered was not asked again, but for the turn that was being decided.
    assert calls - paid <= len(server.requests) <= calls - paid + 2


def test_a_conversation_that_does_not_fit_is_replayed_as_it_was(server, automem, tmp_path) -> None:
    from model_server import Status

    play_on, run, again = server.react, tmp_path / "run", tmp_path / "again"
    # The fourth conversation is too long, and is shortened until it is not.
    refusal = Status(400, "prompt is too long: 900 tokens > 800 maximum", "invalid_request_error")
    server.react = lambda body: refusal if len(server.requests) == 4 else play_on(body)
    env = "AutoMem-MiniHack-Corridor-R3-v0"  # whose prompts are long enough
    words = ("run", "--env", env, "--seeds", 1, "--max-game-steps", 4, "--agent", "memory")
    assert automem(*words, *asking(server), "--out", run, "--quiet") == 0
    assert results(run)["episodes"][0]["events"]["compacted"] == 1
    turns = list(Trace(run / "episodes" / env / "1" / "0" / "trace.jsonl").turns())
    asked = [one for turn in turns for one in turn.asked]
    assert len(asked) == sum(len(turn.calls) for turn in turns) + 1 == len(server.requests)
    assert automem(*words, "--model", f"recorded:{run}", "--out", again, "--quiet") == 0
    assert list(Trace(again / "episodes" / env / "1" / "0" / "trace.jsonl").turns()) == turns


def test_an_agent_that_calls_tools_plays_and_is_replayed(server, vault, tmp_path) -> None:
    from model_server import Answer

    run, again = tmp_path / "run", tmp_path / "again"

    def react(body):
        number = len(server.requests)
        path = f"/memories/{number}.md"
        write = {"command": "create", "path": path, "file_text": f"note {number}"}
        name, given = ("memory", write) if number % 2 else ("act", {"action": "east"})
        block = {"type": "tool_use", "id": f"call_{number}", "name": name, "input": given}
        return Answer(blocks=({"type": "text", "text": "hm"}, block))

    server.react = react
    words = ("--agent", "tools", *asking(server))
    assert vault(*words, out=run) == 0
    (episode,) = results(run)["episodes"]
    assert episode["models"]["agent"]["calls"] == len(server.requests) >= 2 * episode["game_steps"]
    assert episode["invalid_actions"] == 0
    assert vault("--agent", "tools", "--model", f"recorded:{run}", out=again) == 0
    assert list(trace(again).turns()) == list(trace(run).turns())
    assert played(again)[0]["commands"] == played(run)[0]["commands"] != {}


def test_the_settings_are_kept_and_compared(vault, tmp_path, capsys) -> None:
    run = tmp_path / "run"
    assert vault(*PAIR, "--temperature", 0.5, out=run) == 0
    settings = tomllib.loads((run / "run.toml").read_text())
    assert settings["models"]["gameplay"]["sampling"]["temperature"] == 0.5
    assert settings["scaffold"] == "v0"
    assert settings["scaffolds"][VAULT]
    assert vault(*PAIR, "--temperature", 0.5, out=run) == 0
    assert "1 of 1 episodes are there already" in capsys.readouterr().out
    for words, told in (
        (PAIR, "gameplay's temperature: 0.5 there, 1.0 here"),
        (
            (*PAIR[:3], "scripted:blind=1", "--temperature", 0.5),
            "gameplay's model: scripted there, scripted:blind=1 here",
        ),
        (("--agent", "memory", "--model", "scripted"), "--agent: pair there, memory here"),
    ):
        assert vault(*words, out=run) == 2
        assert told in capsys.readouterr().err


def test_a_scaffold_that_has_changed_is_another_run(vault, tmp_path, capsys) -> None:
    run, scaffold = tmp_path / "run", tmp_path / "scaffold"
    shutil.copytree(Path("agents/scaffolds/generic/v0"), scaffold)
    words = (*PAIR, "--scaffold", scaffold)
    assert vault(*words, out=run) == 0
    moved = tmp_path / "moved"
    shutil.copytree(scaffold, moved)
    assert vault(*PAIR, "--scaffold", moved, out=run) == 0, "the content counts, not the place"
    assert "1 of 1 episodes are there already" in capsys.readouterr().out
    prompt = scaffold / "prompts" / "log.j2"
    prompt.write_text(prompt.read_text() + "\nThink twice.\n")
    assert vault(*words, out=run) == 2
    assert f"content of the scaffold for {VAULT}" in capsys.readouterr().err


def test_what_was_paid_for_is_not_thrown_away(server, vault, tmp_path, capsys) -> None:
    from model_server import Status

    run, play_on = tmp_path / "run", server.react
    server.react = lambda body: Status(401, "no") if len(server.requests) > 3 else play_on(body)
    words = ("--agent", "memory", *asking(server))
    assert vault(*words, out=run) == 1
    assert vault(*words, "--temperature", 0, out=run) == 2
    assert "holds a run of another configuration" in capsys.readouterr().err
    assert len(spent(run)) == 3


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--agent", "pair", "--model", "claude-x"), "ANTHROPIC_API_KEY"),
        (("--agent", "pair", "--model", "local:/no/such/place"), "no directory /no/such/place"),
        (("--agent", "pair", "--model", "scripted:konsult=1"), "no knob 'konsult'"),
        (("--agent", "pair", "--model", "recorded:/no/run"), "/no/run has no recording of"),
        ((*PAIR, "--scaffold", "no_scaffold"), "there is no scaffold 'no_scaffold'"),
        (("--agent", "chat", "--model", "scripted", "--scaffold", "v0"), "chat has no scaffold"),
        (("--agent", "tools", "--model", "scripted"), "--agent tools: "),
        ((*PAIR, "--prices", "/no/prices"), "/no/prices"),
        ((*PAIR, "--budget-usd", "-1"), "--budget-usd is at least 0"),
        (
            ("--agent", "memory", "--model", "messages:m", "--model-arg", "tiemout=5"),
            "no option 'tiemout'. Did you mean 'timeout'?",
        ),
    ],
)
def test_mistakes_are_told_before_anything_starts(
    vault, tmp_path, capsys, monkeypatch, words, told
) -> None:
    monkeypatch.delenv("ANTHROPIC_API_KEY", raising=False)
    monkeypatch.delenv("ANTHROPIC_BASE_URL", raising=False)
    assert vault(*words, out=tmp_path / "run") == 2
    lines = [
        line for line in capsys.readouterr().err.splitlines() if line.startswith("automem run")
    ]
    assert len(lines) == 1
    assert told in lines[0]
    assert not (tmp_path / "run").exists()


def test_a_budget_in_usd_needs_prices(server, vault, tmp_path, capsys) -> None:
    words = ("--agent", "memory", *asking(server), "--budget-usd", 1)
    assert vault(*words, out=tmp_path / "run") == 2
    assert "--prices" in capsys.readouterr().err
    assert not server.requests


def test_a_recording_of_other_roles_is_none(vault, tmp_path, capsys) -> None:
    assert vault(*PAIR, out=tmp_path / "run") == 0
    words = ("--agent", "memory", "--model", f"recorded:{tmp_path / 'run'}")
    assert vault(*words, out=tmp_path / "again") == 2
    assert "was played by specialist and gameplay; it has no answers of agent" in (
        capsys.readouterr().err
    )


def test_results_and_traces_from_before_there_were_models_are_kept(automem, tmp_path) -> None:
    run = tmp_path / "run"
    words = ("run", "--env", VAULT, "--seeds", "1", "--out", run, "--quiet")
    assert automem(*words) == 0
    result = run / "episodes" / VAULT / "1" / "0" / "result.json"
    data = json.loads(result.read_text())
    del data["events"], data["models"]
    result.write_text(json.dumps({**data, "schema": 1}))
    before = result.stat().st_mtime_ns
    assert automem(*words) == 0
    assert result.stat().st_mtime_ns == before
    assert automem("report", run) == 0
    assert automem("view", run) == 0


def test_a_report_compares_what_models_took(vault, automem, tmp_path, capsys) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    assert vault(*PAIR, out=one, seeds="1-2") == 0
    assert vault("--agent", "chat", "--model", "scripted", out=two, seeds="1-2") == 0
    capsys.readouterr()
    assert automem("report", one, two) == 0
    shown = capsys.readouterr().out
    (row,) = [line for line in shown[shown.index("models: ") :].splitlines() if VAULT in line]
    assert "| 1.00 │" in row, "a call a step for the chat agent"


def test_play_opens_the_models_of_an_episode_itself(tmp_path) -> None:
    from agents.model import ModelSpec

    scripted = ModelSpec("scripted").to_json()
    models = {"specialist": scripted, "gameplay": scripted}
    episode = Episode(VAULT, 1, agent="pair", models=models, max_game_steps=STEPS)
    result = play(episode, tmp_path)
    assert result.events["hand-over"] == STEPS
    assert result.models["gameplay"]["calls"] >= STEPS
    calls = [call for turn in Trace(tmp_path / "trace.jsonl").turns() for call in turn.calls]
    assert {call.routine for call in calls} == {"log", "plan"}
    assert {call.role for call in calls} == {"specialist", "gameplay"}


def test_a_scaffold_that_changes_while_a_run_goes_on_stops_it(tmp_path) -> None:
    from agents.model import ModelSetupError, ModelSpec

    models = {"agent": ModelSpec("scripted").to_json()}
    episode = Episode(
        VAULT, 1, agent="memory", models=models, scaffold="0" * 32, scaffold_source="v0"
    )
    with pytest.raises(ModelSetupError, match="has changed since this run was started"):
        play(episode, tmp_path)
