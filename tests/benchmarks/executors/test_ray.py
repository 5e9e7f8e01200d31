"""A real Ray cluster of this machine."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
import ray

from benchmarks.executors.catalogue import Placement
from benchmarks.executors.pool import Pool
from benchmarks.executors.ray_worker import Cluster
from benchmarks.models.desk import ModelDesk
from benchmarks.rollout import play
from benchmarks.trace import TRACE, Trace
from tests.benchmarks.executors.episodes import Slow, asking, free, outcomes, pids, recorded
from tests.benchmarks.recordings import timeless

VAULT = "examples.vault:AutoMem-Vault-v0"


@pytest.fixture(scope="module", autouse=True)
def cluster():
    """Started as a run starts it; all tests use it."""
    found = Cluster("", 3)
    yield found
    ray.shutdown()


def test_an_episode_is_the_same_on_ray(tmp_path):
    alone, root = tmp_path / "alone", tmp_path / "root"
    for episode in free():
        play(episode, alone / episode.folder)
    executor = Placement("ray", 3).open(ModelDesk({}), None)
    played = outcomes(executor.run(free(), root))
    assert [outcome.result.error for outcome in played] == [""] * 4
    for episode in free():
        place = episode.folder / TRACE
        assert timeless(root / place) == timeless(alone / place)


def test_a_recorded_episode_is_the_same_on_ray(tmp_path):
    alone, root = tmp_path / "alone", tmp_path / "root"
    for episode in free()[:3]:
        play(episode, alone / episode.folder)
    played = outcomes(Placement("ray", 2).open(ModelDesk({}), None).run(recorded(alone), root))
    assert [outcome.result.error for outcome in played] == [""] * 3
    for episode in recorded(alone):
        place = episode.folder / TRACE
        assert list(Trace(root / place).turns()) == list(Trace(alone / place).turns())


def test_models_of_the_driver_are_asked_from_the_cluster(cluster, tmp_path):
    model = Slow()
    desk = ModelDesk({"agent": model})
    played = outcomes(Pool(3, desk=desk, start=cluster.start).run(asking("Asker", 4), tmp_path))
    desk.close()
    assert not any(outcome.result.error for outcome in played)
    assert model.peak == 3
    assert model.calls == 4 * 6


def test_what_a_lost_node_has_recorded_is_here_and_is_followed(cluster, tmp_path):
    model = Slow()
    desk = ModelDesk({"agent": model})
    episodes = asking("Pidded", 1, folder=str(tmp_path))
    events = Pool(1, desk=desk, start=cluster.start).run(episodes, tmp_path)
    path = tmp_path / episodes[0].folder / TRACE

    class Killing(Slow):
        def generate(self, messages, seed):
            done = model.generate(messages, seed)
            if model.calls == 4:
                (pid,) = pids(tmp_path)
                os.kill(pid, 9)
            return done

    desk._models["agent"] = Killing()
    (first,) = outcomes(events)
    assert "the worker on the Ray cluster is gone" in first.result.error
    assert len(list(Trace(path).turns())) >= 2
    (second,) = outcomes(Pool(1, desk=desk, start=cluster.start).run(episodes, tmp_path))
    desk.close()
    assert second.result.error == ""
    assert second.result.followed_steps >= 2
    assert model.calls == 6, "no call was made a second time"


@pytest.fixture
def guarded(tmp_path):
    """A cluster for those who have its token: its address, environments without and with it."""
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("RAY_")},
        "HOME": str(tmp_path),
        "RAY_AUTH_MODE": "token",
        "RAY_USAGE_STATS_ENABLED": "0",
    }
    token = {**environment, "RAY_AUTH_TOKEN": "a" * 64}
    with socket.socket() as any_port:
        any_port.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{any_port.getsockname()[1]}"
    # Sockets have names of 107 characters at most, so this cannot lie where pytest has its folders.
    with tempfile.TemporaryDirectory(prefix="ray") as folder:
        command = [str(Path(sys.executable).parent / "ray"), "start", "--head", "--block"]
        command += ["--node-ip-address=127.0.0.1", f"--port={address.partition(':')[2]}"]
        command += ["--num-cpus=2", "--include-dashboard=false", f"--temp-dir={folder}"]
        head = subprocess.Popen(
            command, env=token, stdout=subprocess.PIPE, text=True, start_new_session=True
        )
        assert head.stdout
        assert any("runtime started" in line for line in head.stdout)
        yield address, environment, token
        os.killpg(head.pid, signal.SIGKILL)
        head.communicate()


def test_a_cluster_that_wants_a_token_gets_it(guarded, tmp_path):
    address, without, with_token = guarded
    words = ["run", "--env", VAULT, "--seeds", "1-2", "--max-game-steps", "5", "--quiet"]
    words += ["--ray", address, "--workers", "2", "--out", str(tmp_path / "run")]
    refused, done = (
        subprocess.run(
            [sys.executable, "-m", "benchmarks", *words],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        for environment in (without, with_token)
    )
    assert refused.returncode == 2
    assert "RAY_AUTH_TOKEN" in refused.stderr
    assert done.returncode == 0, done.stderr
    assert len(json.loads((tmp_path / "run" / "results.json").read_text())["episodes"]) == 2
