"""Plays one episode: an agent in an environment, recorded turn by turn."""

from __future__ import annotations

import math
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import gymnasium

from agents import as_decision, load_agent
from benchmarks import environments
from benchmarks.episode import Episode
from benchmarks.episode_result import EpisodeResult
from benchmarks.memory_measures import memory_measures
from benchmarks.trace import Trace
from benchmarks.trace.recorder import Recorder, written
from memory_fs import MemoryStore

#: Name of the trace in the folder of an episode.
TRACE = "trace.jsonl"


@dataclass(slots=True)
class Tally:
    """What adds up while an episode is played.

    Attributes:
        turns: Steps of the environment.
        episode_return: Sum of the rewards.
        commands: Memory commands that were done, by operation.
        refused: Memory commands that were refused.
        invalid_actions: Game actions that were none.
        info: The last ``info``.
    """

    turns: int = 0
    episode_return: float = 0.0
    commands: Counter[str] = field(default_factory=Counter)
    refused: int = 0
    invalid_actions: int = 0
    info: Mapping[str, Any] = field(default_factory=dict)

    def add(self, reward: float, info: Mapping[str, Any]) -> None:
        """Counts a turn."""
        self.turns += 1
        self.episode_return += reward
        self.info = info
        self.invalid_actions += info.get("invalid_action") is not None
        for done in info.get("commands", ()):
            if done["ok"]:
                self.commands[written(done["command"])] += 1
            else:
                self.refused += 1

    @property
    def game_steps(self) -> int:
        """Steps of the game; the turns, where the environment does not count them."""
        steps: int = self.info.get("game_step", self.turns)
        return steps

    @property
    def progression(self) -> float | None:
        """How far the episode has come; None where the environment does not tell."""
        progression: float | None = self.info.get("progression")
        return progression


def memory_of(env: gymnasium.Env[Any, Any]) -> MemoryStore | None:
    """The memory of an environment, through its wrappers; None where it has none."""
    memory = env.get_wrapper_attr("memory") if env.has_wrapper_attr("memory") else None
    return memory if isinstance(memory, MemoryStore) else None


def play(
    episode: Episode, folder: Path, on_turn: Callable[[Tally], None] = lambda _: None
) -> EpisodeResult:
    """Plays an episode to its end. Environment and agent are new, and are closed after it.

    Args:
        episode: The specification.
        folder: Where the trace is written; made where it is not there.
        on_turn: Is told after every turn.

    Returns:
        The result.

    Raises:
        Exception: Whatever the environment or the agent raises.
    """
    folder.mkdir(parents=True, exist_ok=True)
    agent = load_agent(episode.agent, **episode.agent_args)
    env = environments.make(episode)
    recorder = Recorder(folder / TRACE)
    tally = Tally()
    try:
        observation, info = env.reset(seed=episode.seed)
        recorder.start(episode, observation, info, memory_of(env))
        agent.reset(observation, info, episode.agent_seed)
        started = time.perf_counter()
        over = cut = False
        while not (over or cut):
            decision = as_decision(agent.act(observation, info))
            observation, reward, over, cut, info = env.step(decision.action)
            value = float(reward)
            if not math.isfinite(value):
                raise ValueError(f"the environment gave the reward {value}")
            recorder.turn(str(decision.action), observation, value, info, decision.calls)
            tally.add(value, info)
            on_turn(tally)
        seconds = time.perf_counter() - started
        recorder.finish()
    finally:
        recorder.close()
        env.close()  # type: ignore[no-untyped-call]
    return EpisodeResult(
        digest=episode.digest,
        env_id=episode.env_id,
        seed=episode.seed,
        repeat=episode.repeat,
        progression=tally.progression,
        episode_return=tally.episode_return,
        game_steps=tally.game_steps,
        turns=tally.turns,
        seconds=round(seconds, 4),
        commands=dict(sorted(tally.commands.items())),
        refused=tally.refused,
        memory=memory_measures(Trace(folder / TRACE)),
        invalid_actions=tally.invalid_actions,
        episode_end=info.get("episode_end") or ("terminated" if over else "truncated"),
    )
