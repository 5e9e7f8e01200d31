"""Runs whose memory lasts shorter than an episode, or longer."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.episode import Episode
from benchmarks.rollout import play
from benchmarks.run_directory import RunDirectory
from benchmarks.trace import MemoryReplay, Trace

VAULT = "examples.vault:AutoMem-Vault-v0"
DIARIST = "benchmark_players:Diarist"


def results(run: Path) -> dict:
    return json.loads((run / "results.json").read_text())


def first_files(run: Path, seed: int, repeat: int = 0) -> dict[str, str]:
    path = run / "episodes" / VAULT / str(seed) / str(repeat) / "trace.jsonl"
    return Trace(path).header["memory"]["files"]


@pytest.mark.parametrize("span", [None, 0, 1, 3])
def test_the_memory_of_a_recording_is_what_it_was(tmp_path, span):
    episode = Episode(VAULT, 9, agent=DIARIST, env_args={"memory_span": span}, max_game_steps=12)
    play(episode, tmp_path)
    trace = Trace(tmp_path / "trace.jsonl")
    lines = []
    with MemoryReplay(trace.header) as memory:
        for turn in trace.turns():
            memory.apply(turn)
            count = memory.files["notes.md"].count("\n")
            assert f"notes.md ({count} line" in turn.observation["files"]
            lines.append(count)
    assert lines == [min(step, 12 if span is None else span) for step in range(1, 13)]


@pytest.mark.parametrize(("words", "span"), [("wiped", 0), ("last-2", 2), ("full", None)])
def test_the_command_takes_it(automem, tmp_path, words, span):
    start = ("run", "--env", VAULT, "--seeds", 9, "--max-game-steps", 6, "--agent", DIARIST)
    assert automem(*start, "--memory", words, "--out", tmp_path, "--quiet") == 0
    (episode,) = results(tmp_path)["episodes"]
    assert episode["memory"]["chars"] == (6 if span is None else span) * len("now\n")
    (played,) = RunDirectory(tmp_path).configuration().episodes()
    assert played.env_args.get("memory_span") == span


def test_another_memory_is_another_run(automem, tmp_path, capsys):
    words = ("run", "--env", VAULT, "--seeds", 9, "--out", tmp_path, "--quiet")
    assert automem(*words) == 0
    assert automem(*words, "--memory", "wiped") == 2
    assert "memory_span=0 here" in capsys.readouterr().err


@pytest.mark.parametrize("words", ["last", "last-0", "last--1", "16", "Full"])
def test_a_span_that_is_none_is_told(automem, tmp_path, capsys, words):
    start = ("run", "--env", VAULT, "--seeds", 9, "--out", tmp_path / "run")
    assert automem(*start, "--memory", words) == 2
    assert "--memory is full, wiped, or last-N" in capsys.readouterr().err


def chained(run: Path, *words: object) -> tuple[object, ...]:
    start = ("run", "--env", VAULT, "--seeds", "9,3,7", "--max-game-steps", 4, "--repeats", 2)
    return (*start, "--agent", DIARIST, "--carry-memory", "--out", run, "--quiet", *words)


@pytest.mark.parametrize("workers", [1, 3])
def test_memory_is_carried_from_seed_to_seed(automem, tmp_path, workers):
    assert automem(*chained(tmp_path, "--workers", workers)) == 0
    for repeat in (0, 1):
        lines = [first_files(tmp_path, seed, repeat)["notes.md"].count("\n") for seed in (9, 3, 7)]
        steps = {
            episode["seed"]: episode["game_steps"]
            for episode in results(tmp_path)["episodes"]
            if episode["repeat"] == repeat
        }
        assert lines == [0, steps[9], steps[9] + steps[3]]


def test_a_chain_that_was_interrupted_goes_on(automem, tmp_path):
    whole, cut = tmp_path / "whole", tmp_path / "cut"
    assert automem(*chained(whole)) == automem(*chained(cut)) == 0
    for seed in (3, 7):
        (cut / "episodes" / VAULT / str(seed) / "0" / "result.json").unlink()
    (cut / "episodes" / VAULT / "7" / "0" / "trace.jsonl").unlink()
    assert automem(*chained(cut)) == 0
    for path in whole.rglob("trace.jsonl"):
        assert path.read_bytes() == (cut / path.relative_to(whole)).read_bytes()


def test_what_comes_after_a_failure_is_owed(automem, tmp_path):
    words = ("run", "--env", VAULT, "--seeds", "9,3,7", "--max-game-steps", 4, "--quiet")
    words += ("--agent", "benchmark_players:Unlucky", "--carry-memory", "--out", tmp_path)
    assert automem(*words, "--workers", 2) == 1
    found = results(tmp_path)
    assert [episode["seed"] for episode in found["episodes"]] == [9]
    owed = {episode["seed"]: episode["error"] for episode in found["owed"]}
    assert "bad luck" in owed[3]
    assert owed[7] == ""


def test_a_missing_recording_in_a_chain_is_told(automem, tmp_path):
    assert automem(*chained(tmp_path)) == 0
    (tmp_path / "episodes" / VAULT / "3" / "0" / "trace.jsonl").unlink()
    (tmp_path / "episodes" / VAULT / "7" / "0" / "result.json").unlink()
    assert automem(*chained(tmp_path)) == 1
    (owed,) = results(tmp_path)["owed"]
    assert "trace.jsonl is missing, with whose memory" in owed["error"]


def test_a_chain_is_part_of_what_an_episode_is():
    alone = Episode(VAULT, 3)
    after = replace(alone, after=(9, Episode(VAULT, 9).digest))
    assert alone.digest != after.digest != replace(after, after=(9, alone.digest)).digest
