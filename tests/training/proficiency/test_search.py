"""Loop 2 from end to end: a tiny local base, whose answers the scripted model writes.

So there is something to learn in them, while nothing that is learnt changes how it plays.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from small_search import ENV, search, search_words

from automem_gym.commands import main
from benchmarks.run_directory import RunError
from benchmarks.trace import TraceError
from benchmarks.used_seeds import read_used
from training.commands import COMMANDS
from training.proficiency.post_processing import TargetError
from training.proficiency.selection import UnfitRunsError
from training.proficiency.trial_store import TrialStore

GRID = """
[[recipe]]
title = "all that is sound"
selection = { least_score = -10.0, most = 12, per_episode = 6 }
lora = { epochs = 2.0, batch = 2, accumulation = 1, gradient_checkpointing = false }

[[recipe]]
title = "nothing is good enough"
selection = { least_score = 1e9 }
"""


@pytest.fixture
def words(base: Path, tmp_path: Path) -> list[str]:
    (tmp_path / "grid.toml").write_text(GRID)
    grid = ["--engine-arg", f"grid={tmp_path / 'grid.toml'}", "--engine-arg", "rungs=0"]
    return [*search_words(base), *grid]


def ledger(out: Path) -> list[tuple[object, ...]]:
    """What does not depend on the clock."""
    found: list[tuple[object, ...]] = []
    for it in TrialStore(out).trials():
        losses = [it.training.get(when, {}).get("held_out") for when in ("first", "last")]
        found.append((it.number, it.verdict, dict(it.scores), it.data.get("kept"), *losses))
    return found


def test_each_stage_leads_to_the_next_and_a_kill_in_training_loses_nothing(words, tmp_path, capsys):
    whole = tmp_path / "whole"
    assert search(words, whole) == 0
    assert "no adapter was kept" in capsys.readouterr().out
    first, second = TrialStore(whole).trials()
    assert (first.verdict, second.verdict) == ("turned down", "failed")
    assert "nothing is left of" in second.reason
    # The answers are written by another model: with the adapter they are the same.
    assert first.scores["own"] == first.scores["parent"]
    assert set(first.scores["own"]) == {"400", "401"}
    assert sum(first.data["kept"].values()) == first.data["examples"] > 4
    adapter = TrialStore(whole).folder(1) / "training" / "adapter"
    assert {it.purpose.split()[1] for it in read_used(adapter)} == {
        *("training", "screening", "confirmation")
    }

    killed = tmp_path / "killed"
    start = "import sys; from training.cli import main; sys.exit(main())"
    command = [sys.executable, "-c", start, "proficiency", *words, "--out", str(killed)]
    with subprocess.Popen(command, start_new_session=True) as process:
        begun = killed / "trials" / "001" / "training"
        while not begun.exists() and process.poll() is None:
            time.sleep(0.02)
        os.killpg(process.pid, signal.SIGKILL)
    assert not [*killed.glob("trials/*/trial.json")]
    played = {path: path.stat().st_mtime_ns for path in killed.rglob("result.json")}
    assert played
    assert search(words, killed) == 0
    assert ledger(killed) == ledger(whole)
    assert {path: path.stat().st_mtime_ns for path in played} == played

    # What it was made with cannot measure it.
    used = ["--env", ENV, "--scaffold", "examples/vault_scaffold", "--model", words[7]]
    used += ["--trained", str(adapter), "--seeds", "400", "--out", str(tmp_path / "evaluated")]
    assert main(COMMANDS, ["evaluate", *used, "--max-game-steps", "2", "--quiet"]) == 2
    assert "the screening of 'automem proficiency'" in capsys.readouterr().err

    assert search(words, whole, "--max-game-steps", "7") == 2
    assert "max_game_steps: 6 there, 7" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("more", "told"),
    [
        (["--training-seeds", "400-410"], "seed 400 is named for training and for screening"),
        (["--trials", "0"], "--trials is at least 1"),
        (["--engine", "havling"], "--engine havling"),
        (["--model", "messages:claude"], "an adapter is trained for a local model"),
        (["--adapter", "mine"], "the base is named without an adapter"),
        (["--train-processes", "0"], "--train-processes is at least 1"),
        (["--scaffold", "nowhere"], "nowhere"),
        (["--screening-seeds", "1"], "the gate paper asks for 2"),
        (["--trust-hooks"], "hooks run shut in here, always"),
    ],
)
def test_mistakes_are_told_before_anything_is_made(words, tmp_path, capsys, more, told):
    assert search(words, tmp_path / "out", *more) == 2
    assert told in capsys.readouterr().err
    assert not (tmp_path / "out" / "evaluations").exists()


def test_a_gate_takes_lists_and_needs_fresh_seeds(words, tmp_path, capsys):
    at = words.index("--gate")
    other = [*words[:at], *words[at + 4 :], "--gate-arg", "blocks=[1,2]"]
    assert search(other, tmp_path / "out") == 2
    told = capsys.readouterr().err
    assert "--confirmation-seeds: the gate confirmed asks for" in told
    assert "and 2 are named" in told


@pytest.mark.parametrize("error", [TargetError, TraceError, RunError, UnfitRunsError])
def test_what_stops_a_selection_ends_the_command_with_its_message(
    words, tmp_path, capsys, monkeypatch, error
):
    def violated(*_: object, **__: object) -> None:
        raise error("Vault/300/0, turn 1: it was edited \x1b[2J")

    monkeypatch.setattr("training.proficiency.search.select", violated)
    out = tmp_path / "out"
    assert search(words, out, "--training-seeds", "300") == 1
    told = capsys.readouterr().err
    assert "stopped: Vault/300/0, turn 1: it was edited" in told
    assert "\x1b" not in told
    assert TrialStore(out).trials() == []  # it is no fault of a recipe

    (out / "trials" / "001" / "trial.json").write_text("{")
    assert search(words, out, "--training-seeds", "300") == 1
    assert "001/trial.json is damaged: " in capsys.readouterr().err


def test_seeds_of_a_suite_are_not_learnt_from(base, tmp_path, capsys):
    words = ["collect", "--env", "AutoMem-Crafter-v0", "--model", str(base)]
    words += ["--training-seeds", "60", "--out", str(tmp_path / "out"), "--scaffold", "v0"]
    assert main(COMMANDS, words) == 2
    assert "is one on which the suite memory measures AutoMem-Crafter-v0" in capsys.readouterr().err
