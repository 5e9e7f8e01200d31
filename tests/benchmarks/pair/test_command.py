from __future__ import annotations

import json

import pytest

from benchmarks.pair.command import NAMES
from benchmarks.pair.measures import MEASURES

ENV = "AutoMem-MiniHack-Corridor-R3-v0"
SHORT = ("--env", ENV, "--game-steps", 2, "--rounds", 1, "--round-steps", 1, "--in-flight", 2)


def test_each_name_is_measured():
    assert tuple(MEASURES) == NAMES


def test_the_command_writes_what_it_measured(automem, tmp_path, capsys):
    out = tmp_path / "pair.json"
    status = automem("pair", "--shape", "roomy", *SHORT, "--device", "cpu", "--out", out)
    found = json.loads(out.read_text())
    subjects = {subject["name"]: subject for subject in found["subjects"]}
    measured = ("overhead", "prefill", "reuse-tokens", "reuse-time", "throughput")
    kinds = ("memory-unquantised-auto", "memory-4bit-auto")
    assert set(subjects) == {*kinds, *(f"{name}-MiniHack-Corridor-R3" for name in measured)}
    assert all(subject["value"] > 0 for subject in subjects.values())
    assert status == (0 if all(subject["holds"] for subject in subjects.values()) else 1)
    (game,) = found["games"]
    assert game["env"] == ENV
    assert game["game_steps"] == 2
    assert game["engine"]["prefilled_tokens"] == game["tokens"]["prefilled"]
    assert found["settings"]["shape"] == "roomy"
    assert found["versions"]["torch"]
    said = capsys.readouterr().out
    assert "events: hand-over" in said
    assert "engine: adapter switches" in said


def test_a_pair_of_ones_own_with_an_activated_adapter(automem, tmp_path, capsys):
    from agents.backends.local.random_weights import build

    build(tmp_path, "roomy", activated=True)
    own = ("--model", tmp_path, "--adapter", tmp_path / "activated", "--load-in", "4bit")
    automem("pair", *own, *SHORT, "--only", "play", "--device", "cpu")
    assert "engine: cache hits" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--only", "speed"), "'speed'"),
        (("--env", "AutoMem-Chess-v0"), "AutoMem-Chess"),
        (("--game-steps", 0), "--game-steps is at least 1"),
        (("--seed", -1), "--seed is at least 0"),
        (("--model", "there"), "--adapter belong together"),
        (("--shape", "1T"), "'1T'"),
        (("--out", "/proc/there/pair.json"), "/proc/there"),
        (("--only", "play", "--shape", "roomy", "--dtype", "int8"), "dtype"),
        (("--only", "play", "--shape", "roomy", "--force", "local:x"), "force"),
    ],
)
def test_mistakes_are_told_in_a_line(automem, capsys, words, told):
    assert automem("pair", *words) == 2
    said = capsys.readouterr().err.strip().splitlines()[-1]
    assert said.startswith("automem pair:")
    assert told in said
