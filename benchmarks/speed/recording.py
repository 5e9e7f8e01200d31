"""What recording adds to a turn."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from statistics import mean
from typing import Any

import gymnasium

from agents import as_decision, load_agent
from benchmarks.episode import Episode
from benchmarks.rollout import memory_of
from benchmarks.speed.engines import ENGINES, make_ours
from benchmarks.speed.subject import Measurement
from benchmarks.trace import Recorder


def recording_cost(seconds: float, game: str) -> Measurement:
    """Microseconds by which recording makes the mean turn longer, for a random player.

    Args:
        seconds: Time to spend; one episode is played in any case.
        game: Name of the game.
    """
    env = make_ours(game)
    taken: list[float] = []
    size = 0
    end = time.perf_counter() + seconds
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "trace.jsonl"
        seed = 0
        while time.perf_counter() < end or not taken:
            seed += 1
            taken += _episode(env, Episode(ENGINES[game][0], seed), path)
            size += path.stat().st_size
    env.close()
    return Measurement(
        1e6 * mean(taken), {"turns": len(taken), "bytes_per_turn": size / len(taken)}
    )


def _episode(env: gymnasium.Env[Any, Any], episode: Episode, path: Path) -> list[float]:
    """Plays and records an episode; gives the seconds that each record took."""
    agent = load_agent(episode.agent)
    recorder = Recorder(path)
    observation, info = env.reset(seed=episode.seed)
    recorder.start(episode, observation, info, memory_of(env))
    agent.reset(observation, info, episode.agent_seed)
    taken: list[float] = []
    over = cut = False
    while not (over or cut):
        action = str(as_decision(agent.act(observation, info)).action)
        observation, reward, over, cut, info = env.step(action)
        start = time.perf_counter()
        recorder.turn(action, observation, float(reward), info)
        taken.append(time.perf_counter() - start)
    recorder.close()
    return taken
