"""Runs in the formats of others."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from benchmarks.run_directory import RunDirectory
from benchmarks.trace import Trace

GAMES = "AutoMem-Crafter-v0,AutoMem-MiniHack-MazeWalk-9x9-v0,AutoMem-NetHack-v0"


@pytest.fixture
def run(automem, tmp_path: Path) -> Path:
    out = tmp_path / "run"
    words = ("--agent", "explorer", "--seeds", "3-4", "--max-game-steps", 20, "--quiet")
    assert automem("run", "--env", GAMES, *words, "--out", out) == 0
    return out


def test_balrogs_folders(automem, run: Path, tmp_path: Path) -> None:
    out = tmp_path / "balrog"
    assert automem("export", run, "--format", "balrog", out) == 0
    found = {path.relative_to(out).as_posix() for path in out.rglob("*.json")}
    task = "MiniHack-MazeWalk-9x9-v0"
    assert found == {
        "summary.json",
        *(f"{game}/{game}_summary.json" for game in ("nle", "minihack", "crafter")),
        *(f"minihack/{task}/{task}_run_0{n}.json" for n in (0, 1)),
        *(f"crafter/default/default_run_0{n}.json" for n in (0, 1)),
        *(f"nle/NetHackChallenge-v0/NetHackChallenge-v0_run_0{n}.json" for n in (0, 1)),
    }
    results = {(e.env_id, e.seed): r for e, r in RunDirectory(run).results()}
    log = json.loads((out / "crafter/default/default_run_01.json").read_text())
    result = results["AutoMem-Crafter-v0", 4]
    assert result is not None
    assert (log["seed"], log["progression"], log["num_steps"]) == (4, result.progression, 20)
    assert sum(log["action_frequency"].values()) == 20
    with (out / "crafter/default/default_run_01.csv").open(newline="", encoding="utf-8") as file:
        header, *steps = csv.reader(file, escapechar="˘")
    assert header == ["Step", "Observation", "Action", "Reasoning", "Reward", "Done"]
    assert [step[0] for step in steps] == [str(n) for n in range(20)]
    assert steps[-1][5] == "True"
    summary = json.loads((out / "summary.json").read_text())
    scores = [100 * (r.progression or 0.0) for r in results.values() if r is not None]
    assert summary["Final score"] == pytest.approx(sum(scores) / 6)
    assert summary["environments"]["crafter"]["episodes_played"] == 2


def test_parquet_tables_hold_the_traces(automem, run: Path, tmp_path: Path) -> None:
    out = tmp_path / "tables"
    assert automem("export", run, "--format", "parquet", out) == 0
    directory = RunDirectory(run)
    episodes = pq.read_table(out / "episodes.parquet").to_pylist()
    results = [result for _, result in directory.results() if result is not None]
    assert [row["progression"] for row in episodes] == [r.progression for r in results]
    assert json.loads(episodes[0]["result"])["curves"]
    turns = pq.read_table(out / "turns.parquet").to_pylist()
    expected = [
        (episode.digest, turn.turn, turn.action, turn.observation["observation"], turn.commands)
        for episode, _ in directory.results()
        for turn in Trace(directory.trace(episode)).turns()
    ]
    found = [(r["digest"], r["turn"], r["action"], r["observation"], r["commands"]) for r in turns]
    assert [(*row[:4], json.loads(row[4])) for row in found] == expected
    assert pq.read_table(out / "calls.parquet").num_rows == 0


def test_calls_of_models_are_a_table_too(automem, tmp_path: Path) -> None:
    run, out = tmp_path / "run", tmp_path / "tables"
    words = ("--agent", "pair", "--model", "scripted", "--specialist", "scripted", "--quiet")
    steps = ("--seeds", 1, "--max-game-steps", 3)
    assert automem("run", "--env", "AutoMem-Crafter-v0", *words, *steps, "--out", run) == 0
    assert automem("export", run, "--format", "parquet", out) == 0
    rows = pq.read_table(out / "calls.parquet").to_pylist()
    assert {row["role"] for row in rows} == {"specialist", "gameplay"}
    assert all(json.loads(row["messages"])[0][0] == "system" for row in rows)
    (result,) = [r for _, r in RunDirectory(run).results() if r is not None]
    assert len(rows) == sum(taken["calls"] for taken in result.models.values())
    assert sum(part["calls"] for part in result.context["parts"]) == len(rows)


def test_what_is_owed_is_said_and_what_is_no_run_is_refused(
    automem, run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    next(run.rglob("result.json")).unlink()
    assert automem("export", run, "--format", "balrog", tmp_path / "out") == 1
    assert "owed: 1 episode" in capsys.readouterr().err
    assert automem("export", run, "--format", "balrog", tmp_path / "out") == 2
    assert "is not empty" in capsys.readouterr().err
    assert automem("export", tmp_path / "nothing", "--format", "parquet", tmp_path / "o") == 2
    assert "nothing" in capsys.readouterr().err


def test_a_game_that_balrog_does_not_have(
    automem, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = tmp_path / "run"
    vault = ("--env", "examples.vault:AutoMem-Vault-v0", "--seeds", 1, "--quiet")
    assert automem("run", *vault, "--out", run) == 0
    assert automem("export", run, "--format", "balrog", tmp_path / "out") == 2
    assert "none of BALROG's games: NetHack, MiniHack, Crafter" in capsys.readouterr().err
