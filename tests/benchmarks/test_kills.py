"""The driver of a run is killed at random moments, again and again, and started again.

DRIVER_KILLS says how often (default: 6).
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.run_directory import RunDirectory
from benchmarks.trace import Trace
from tests.benchmarks.recordings import turns_of

KILLS = int(os.environ.get("DRIVER_KILLS", "6"))
ENV = "AutoMem-Crafter-v0"
#: Longest that a driver lives before it is killed; starting takes one second or two of them.
LIFE = 4.0


def command(out: Path, *words: str) -> list[str]:
    seeds = ["--env", ENV, "--seeds", "1-4", "--workers", "2", "--max-game-steps", "120"]
    return [sys.executable, "-m", "benchmarks", "run", *seeds, *words, "--out", str(out), "--quiet"]


def finish(words: list[str]) -> None:
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def killed_often(words: list[str], kills: int, rng: random.Random) -> int:
    """Kills the driver until it has been killed so often, or has come to its end; how often."""
    for done in range(kills):
        process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            process.wait(rng.uniform(0.5, LIFE))
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.wait()
        else:
            return done
    return kills


def play_through(folder: Path, words: list[str], rng: random.Random) -> None:
    """Plays a run calmly once, and others under kills until there have been enough."""
    calm = folder / "calm"
    finish(command(calm, *words))
    wanted = turns_of(calm)
    assert len(wanted) == 4
    kills = number = 0
    while kills < KILLS:
        rough = folder / f"rough{number}"
        kills += killed_often(command(rough, *words), KILLS - kills, rng)
        finish(command(rough, *words))
        assert turns_of(rough) == wanted
        (rough / "results.json").unlink()
        number += 1


@pytest.mark.parametrize("agent", ["explorer", "pair"])
def test_what_is_recorded_in_the_end_is_what_would_have_been(tmp_path, agent):
    words = ["--agent", agent]
    if agent == "pair":
        words += ["--model", "scripted:blind=0.2,slip=0.1"]
    play_through(tmp_path, words, random.Random(KILLS))


def test_recorded_models_go_on_where_they_were(tmp_path):
    run = tmp_path / "recorded"
    finish(command(run, "--agent", "pair", "--model", "scripted"))
    words = ["--agent", "pair", "--model", f"recorded:{run}"]
    play_through(tmp_path, words, random.Random(KILLS))
    assert turns_of(tmp_path / "calm") == turns_of(run)


def test_no_call_that_was_recorded_is_made_again(tmp_path, server):
    """A server's answers cost: only what was on its way when the driver died comes again."""
    words = ["--agent", "memory", "--model", "messages:m", "--base-url", server.url]
    run, rng = tmp_path / "run", random.Random(KILLS)
    words = command(run, *words, "--executor", "threads", "--processes", "2")
    kills = killed_often(words, KILLS, rng)
    finish(words)
    with RunDirectory(run) as directory:
        episodes = directory.finished()
    calls = sum(episode.models["agent"]["calls"] for episode in episodes)
    assert len(episodes) == 4
    assert calls <= len(server.requests) <= calls + 2 * kills
    for path in run.rglob("trace.jsonl"):
        trace = Trace(path)
        assert sum(len(turn.calls) for turn in trace.turns())
        assert trace.complete
    assert json.loads((run / "results.json").read_text())["owed"] == []
