"""Plays one episode: an agent in an environment, recorded turn by turn."""

from __future__ import annotations

import math
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import gymnasium

from agents import Agent, Event, as_decision, begin
from agents.accounting import Account, Prices
from agents.backends.recorded import Asked
from agents.model import Call, ChatModel, Usage
from benchmarks import environments
from benchmarks.agent_maker import check_scaffold, make_agent
from benchmarks.episode import Episode
from benchmarks.episode_result import EpisodeResult
from benchmarks.memory_measures import memory_measures
from benchmarks.models.earlier import forget_earlier, keep_earlier
from benchmarks.models.figures import figures
from benchmarks.models.opening import open_for, paid, specs_of
from benchmarks.models.transcript import Transcript
from benchmarks.trace import TRACE, Recorder, Trace
from benchmarks.trace.recorder import written
from memory_fs import MemoryStore


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
        events: What happened between the agent and its models, by name.
        models: What the calls of each role took.
    """

    turns: int = 0
    episode_return: float = 0.0
    commands: Counter[str] = field(default_factory=Counter)
    refused: int = 0
    invalid_actions: int = 0
    info: Mapping[str, Any] = field(default_factory=dict)
    events: Counter[str] = field(default_factory=Counter)
    models: dict[str, Account] = field(default_factory=dict)

    def add(self, reward: float, info: Mapping[str, Any]) -> None:
        """Counts what the environment gave in a turn."""
        self.turns += 1
        self.episode_return += reward
        self.info = info
        self.invalid_actions += info.get("invalid_action") is not None
        for done in info.get("commands", ()):
            if done["ok"]:
                self.commands[written(done["command"])] += 1
            else:
                self.refused += 1

    def heed(
        self,
        asked: Iterable[Asked],
        events: Iterable[Event],
        cost: Callable[[Call], float | None] = lambda _: None,
    ) -> None:
        """Counts what an agent asked its models for a turn, and what happened then.

        Args:
            asked: What it asked; calls without an answer took nothing.
            events: What happened.
            cost: What a call costs in USD; None where that is not known.
        """
        self.events.update(event.name for event in events)
        for call in asked:
            if isinstance(call, Call):
                usd, done = cost(call), call.completion
                taken = Account(1, done.usage, done.latency, usd or 0.0, int(usd is None))
                self.models[call.role] = self.models.get(call.role, Account()) + taken

    @property
    def calls(self) -> int:
        """Calls of models."""
        return sum(account.calls for account in self.models.values())

    @property
    def tokens(self) -> int:
        """Tokens of those calls, in and out."""
        return sum((account.usage for account in self.models.values()), Usage()).tokens

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
    episode: Episode,
    folder: Path,
    on_turn: Callable[[Tally], None] = lambda _: None,
    models: Mapping[str, ChatModel] | None = None,
    prices: Prices | None = None,
) -> EpisodeResult:
    """Plays an episode to its end. Environment and agent are new, and are closed after it.

    What an earlier attempt at the same episode has recorded in the folder is used: the calls of
    models that cost something are answered from it, as far as they are the same.

    Args:
        episode: The specification.
        folder: Where the trace is written; made where it is not there.
        on_turn: Is told after every turn.
        models: Models that are open already, by role; they stay open. The others that the episode
            names are opened, and closed at its end.
        prices: What models cost; those that ship with the package by default.

    Returns:
        The result.

    Raises:
        Exception: Whatever the environment, the agent or a model raises.
    """
    folder.mkdir(parents=True, exist_ok=True)
    given = dict(models or {})
    earlier = keep_earlier(episode, folder) if paid(specs_of(episode)) else None
    opened = open_for(episode, given, earlier)
    try:
        result = _Playing(episode, folder, on_turn, opened, prices).to_the_end()
    finally:
        for role in opened.keys() - given.keys():
            opened[role].close()
    forget_earlier(folder)
    return result


class _Playing:
    """One episode while it is played."""

    def __init__(
        self,
        episode: Episode,
        folder: Path,
        on_turn: Callable[[Tally], None],
        models: Mapping[str, ChatModel],
        prices: Prices | None,
    ) -> None:
        self._episode = episode
        self._specs = specs_of(episode)
        self._prices = prices or Prices.load()
        self._path = folder / TRACE
        self._on_turn = on_turn
        self._transcript = Transcript()
        self._agent = make_agent(episode, self._transcript.listen(models))
        self._tally = Tally()

    def to_the_end(self) -> EpisodeResult:
        env = environments.make(self._episode)
        recorder = Recorder(self._path)
        try:
            seconds = self._loop(env, self._agent, recorder)
            recorder.finish()
        finally:
            recorder.close()
            env.close()  # type: ignore[no-untyped-call]
        return self._result(seconds)

    def _loop(self, env: gymnasium.Env[Any, Any], agent: Agent, recorder: Recorder) -> float:
        """Plays; gives the seconds that the turns took."""
        episode, tally = self._episode, self._tally
        game = env.get_wrapper_attr("game_name") if env.has_wrapper_attr("game_name") else ""
        check_scaffold(episode, agent, game)
        observation, info = begin(env, agent, episode.seed, episode.agent_seed)
        recorder.start(episode, observation, info, memory_of(env))
        self._transcript.heard = recorder.call
        started = time.perf_counter()
        over = cut = False
        while not (over or cut):
            decision = as_decision(agent.act(observation, info))
            asked = self._transcript.take(decision.calls)
            observation, reward, over, cut, info = env.step(decision.action)
            value = float(reward)
            if not math.isfinite(value):
                raise ValueError(f"the environment gave the reward {value}")
            action = str(decision.action)
            recorder.turn(action, observation, value, info, asked, decision.events)
            tally.heed(asked, decision.events, self._cost)
            tally.add(value, info)
            self._on_turn(tally)
        self._end = info.get("episode_end") or ("terminated" if over else "truncated")
        return time.perf_counter() - started

    def _cost(self, call: Call) -> float | None:
        spec = self._specs.get(call.role)
        return None if spec is None else self._prices.cost(spec, call.completion.usage)

    def _result(self, seconds: float) -> EpisodeResult:
        episode, tally = self._episode, self._tally
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
            memory=memory_measures(Trace(self._path)),
            invalid_actions=tally.invalid_actions,
            episode_end=self._end,
            events=dict(sorted(tally.events.items())),
            models={role: figures(taken) for role, taken in sorted(tally.models.items())},
        )
