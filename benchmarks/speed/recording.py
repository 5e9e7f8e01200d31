"""What recording adds to a turn, and to an episode."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from statistics import mean
from typing import Any, NamedTuple

import gymnasium

from agents import as_decision, load_agent
from benchmarks.episode import Episode
from benchmarks.rollout import memory_of
from benchmarks.scenery import scenery_of
from benchmarks.speed.engines import ENGINES, make_ours
from benchmarks.speed.subject import Measurement
from benchmarks.trace import Recorder

#: Most turns of an episode that is played; it keeps the time of a round in bounds.
_TURNS = 500


class _Times(NamedTuple):
    """Seconds, turn by turn."""

    played: list[float]
    recorded: list[float]


def recording_cost(seconds: float, game: str) -> Measurement:
    """Microseconds by which recording makes the mean turn longer, for a random player.

    The scenes are part of it.

    Args:
        seconds: Time to spend; one episode is played in any case.
        game: Name of the game.
    """
    times, size = _record(seconds, game, "random")
    return Measurement(
        1e6 * mean(times.recorded),
        {
            "turns": len(times.recorded),
            "bytes_per_turn": size / len(times.recorded),
        },
    )


def explorer_cost(seconds: float, game: str) -> Measurement:
    """Microseconds by which recording makes the mean turn longer, for the game's explorer.

    Also as the percentage of what the same turns took before they were recorded, so that a busy
    machine slows both alike.

    Args:
        seconds: Time to spend; one episode is played in any case.
        game: Name of the game.
    """
    times, _ = _record(seconds / 2, game, "explorer")
    bare, _ = _record(seconds / 2, game, "explorer", scenes=False)
    return Measurement(
        1e6 * mean(times.recorded),
        {
            "played_us": 1e6 * mean(times.played),
            "percent": _percent(times),
            "percent_without_scenes": _percent(bare),
        },
    )


def _percent(times: _Times) -> float:
    return 100 * sum(times.recorded) / sum(times.played)


def _record(seconds: float, game: str, agent: str, scenes: bool = True) -> tuple[_Times, int]:
    """Plays and records episodes; gives what each turn took, and the bytes that were written."""
    env = make_ours(game)
    times, size, seed = _Times([], []), 0, 0
    end = time.perf_counter() + seconds
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "trace.jsonl"
        while time.perf_counter() < end or not times.recorded:
            seed += 1
            _episode(env, Episode(ENGINES[game][0], seed, agent=agent), path, scenes, times)
            size += path.stat().st_size
    env.close()
    return times, size


def _episode(
    env: gymnasium.Env[Any, Any], episode: Episode, path: Path, scenes: bool, times: _Times
) -> None:
    """Plays and records an episode."""
    agent = load_agent(episode.agent)
    recorder = Recorder(path)
    observation, info = env.reset(seed=episode.seed)
    scenery = scenery_of(env) if scenes else None
    recorder.start(episode, observation, info, memory_of(env), scenery=scenery)
    agent.reset(observation, info, episode.agent_seed)
    over = cut = False
    for _ in range(_TURNS):
        start = time.perf_counter()
        decision = as_decision(agent.act(observation, info))
        observation, reward, over, cut, info = env.step(decision.action)
        middle = time.perf_counter()
        recorder.turn(str(decision.action), observation, float(reward), info)
        times.played.append(middle - start)
        times.recorded.append(time.perf_counter() - middle)
        if over or cut:
            break
    middle = time.perf_counter()
    recorder.close()  # writes what it has kept
    times.recorded[-1] += time.perf_counter() - middle
