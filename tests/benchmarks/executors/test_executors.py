"""Where and beside what an episode is played makes no difference to how it goes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from benchmarks.executors.catalogue import EXECUTORS, Placement
from benchmarks.executors.executor import Beat, Outcome
from benchmarks.executors.pool import Pool
from benchmarks.models.desk import ModelDesk
from benchmarks.rollout import play
from benchmarks.trace import TRACE, Trace
from tests.benchmarks.executors.episodes import (
    STEPS,
    VAULT,
    Slow,
    asking,
    free,
    outcomes,
    pids,
    recorded,
)
from tests.benchmarks.recordings import timeless

PLACEMENTS = {
    "serial": Placement("serial"),
    "processes": Placement("processes", 3),
    "threads": Placement("threads", 5, processes=2),
}


@pytest.fixture(scope="session")
def alone(tmp_path_factory) -> Path:
    """The episodes as they are without any executor."""
    root = tmp_path_factory.mktemp("alone")
    for episode in free():
        play(episode, root / episode.folder)
    return root


@pytest.mark.parametrize("name", PLACEMENTS)
def test_an_episode_is_the_same_on_each(name, alone, tmp_path):
    desk = ModelDesk({})
    played = outcomes(PLACEMENTS[name].open(desk, None).run(free(), tmp_path))
    desk.close()
    assert [outcome.result.error for outcome in played] == [""] * 4
    for episode in free():
        place = episode.folder / TRACE
        assert timeless(tmp_path / place) == timeless(alone / place)


@pytest.mark.parametrize("name", PLACEMENTS)
def test_a_recorded_episode_is_the_same_on_each(name, alone, tmp_path):
    played = outcomes(PLACEMENTS[name].open(ModelDesk({}), None).run(recorded(alone), tmp_path))
    assert [outcome.result.error for outcome in played] == [""] * 3
    for episode in recorded(alone):
        place = episode.folder / TRACE
        assert list(Trace(tmp_path / place).turns()) == list(Trace(alone / place).turns())


def test_threads_wait_together_in_few_processes(tmp_path):
    model = Slow()
    desk = ModelDesk({"agent": model})
    pool = Pool(6, workers=2, desk=desk)
    played = outcomes(pool.run(asking("Pidded", 9, folder=str(tmp_path)), tmp_path))
    desk.close()
    assert sorted(outcome.episode.seed for outcome in played) == list(range(1, 10))
    assert not any(outcome.result.error for outcome in played)
    assert len(pids(tmp_path)) == 2
    assert model.peak >= 5


def test_threads_that_die_together_begin_again_apart_and_none_has_failed(tmp_path):
    model = Slow()
    desk = ModelDesk({"agent": model})
    episodes = asking("Pidded", 4, folder=str(tmp_path))
    killed, played = set(), []
    for event in Pool(4, workers=1, desk=desk).run(episodes, tmp_path):
        if isinstance(event, Beat) and not killed:
            (pid,) = killed = pids(tmp_path)
            os.kill(pid, signal.SIGKILL)
        if isinstance(event, Outcome):
            played.append(event)
    desk.close()
    assert killed
    assert sorted(outcome.episode.seed for outcome in played) == [1, 2, 3, 4]
    assert not any(outcome.result.error for outcome in played)
    assert all(outcome.result.followed_steps for outcome in played)
    assert len(pids(tmp_path)) == 5, "the first process, and one for each"
    assert model.calls == 4 * STEPS, "no call was made a second time"


def test_one_that_fails_in_a_process_of_several_is_the_only_one(tmp_path):
    failing = asking("Fainting", 1)
    model = Slow()
    desk = ModelDesk({"agent": model})
    episodes = [*failing, *asking("Asker", 4)[1:]]
    played = outcomes(Pool(4, workers=1, desk=desk).run(episodes, tmp_path))
    desk.close()
    errors = {outcome.episode.seed: outcome.result.reason for outcome in played}
    assert errors == {1: "RuntimeError: lost the thread", 2: "", 3: "", 4: ""}


@pytest.mark.parametrize("seconds", [0.3, 4.0], ids=["before", "after"])
def test_an_answer_whose_asker_died_is_not_asked_for_again(tmp_path, seconds):
    """Whether it comes before the one who plays again asks, or after that."""

    class Deadly(Slow):
        def generate(self, messages, seed):
            done = super().generate(messages, seed)
            if self.calls == 3:
                (pid,) = pids(tmp_path)
                os.kill(pid, signal.SIGKILL)
                time.sleep(seconds)
            return done

    model = Deadly()
    desk = ModelDesk({"agent": model})
    episodes = asking("Pidded", 1, folder=str(tmp_path))
    pool = Pool(1, desk=desk)
    (first,) = outcomes(pool.run(episodes, tmp_path))
    assert "SIGKILL" in first.result.error
    (second,) = outcomes(pool.run(episodes, tmp_path))
    desk.close()
    assert (second.result.error, second.result.game_steps) == ("", STEPS)
    assert model.calls == STEPS


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--executor", "proceses"), "Did you mean 'processes'?"),
        (("--executor", "serial", "--workers", 2), "one episode at a time"),
        (("--processes", 2), "--processes is for --executor threads"),
        (("--executor", "threads", "--processes", 0), "--processes is at least 1"),
        (("--executor", "threads", "--ray", "auto"), "--ray names a cluster"),
        (("--workers", 0), "--workers is at least 1"),
    ],
)
def test_a_place_that_makes_no_sense_is_told(automem, tmp_path, capsys, words, told):
    start = ("run", "--env", VAULT, "--seeds", 1, "--out", tmp_path / "run")
    assert automem(*start, *words) == 2
    assert told in capsys.readouterr().err
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize("executor", [name for name in EXECUTORS if name != "ray"])
def test_the_command_takes_each(automem, tmp_path, executor):
    words = ("run", "--env", VAULT, "--seeds", "1-2", "--max-game-steps", 5, "--quiet")
    assert automem(*words, "--executor", executor, "--out", tmp_path / "run") == 0


def test_a_full_disk_is_told_and_the_run_goes_on_when_there_is_room(tmp_path):
    """A limit on the size of files stands for a disk that is full."""
    run = tmp_path / "run"
    words = ["run", "--env", "AutoMem-Crafter-v0", "--seeds", "5", "--max-game-steps", "150"]
    words += ["--agent", "explorer", "--out", str(run), "--quiet"]
    code = (
        "import resource, sys; from automem_gym.commands import main;"
        "from benchmarks.commands import COMMANDS;"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (20000, resource.RLIM_INFINITY));"
        "sys.exit(main(COMMANDS, sys.argv[1:]))"
    )
    full = subprocess.run(
        [sys.executable, "-c", code, *words], capture_output=True, text=True, check=False
    )
    assert full.returncode == 1, full.stderr
    assert "stopped: File too large" in full.stderr
    assert "run the same command again" in full.stderr
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks", *words], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert '"followed_steps": 0' not in (run / "results.json").read_text()
