"""Plays one episode: an agent in an environment, recorded turn by turn."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import gymnasium

from agents import Event, as_decision, begin
from agents.accounting import Prices
from agents.model import Call, ChatModel
from benchmarks import environments
from benchmarks.agent_maker import check_scaffold, make_agent
from benchmarks.episode import Episode
from benchmarks.episode_result import EpisodeResult
from benchmarks.following import Following
from benchmarks.measures import measure_episode
from benchmarks.models.earlier import forget_earlier, keep_earlier
from benchmarks.models.figures import figures
from benchmarks.models.opening import open_for, specs_of
from benchmarks.models.transcript import Transcript
from benchmarks.scenery import scenery_of
from benchmarks.tally import Tally
from benchmarks.trace import TRACE, Recorder, Trace
from memory_fs import MemoryStore

#: The event of an agent that decides otherwise than in the recording of an interrupted attempt.
LEFT = "left-recording"


def memory_of(env: gymnasium.Env[Any, Any]) -> MemoryStore | None:
    """The memory of an environment, through its wrappers; None where it has none."""
    memory = env.get_wrapper_attr("memory") if env.has_wrapper_attr("memory") else None
    return memory if isinstance(memory, MemoryStore) else None


def span_of(env: gymnasium.Env[Any, Any]) -> int | None:
    """Game steps for which the memory of an environment lasts; None for the whole episode."""
    span = env.get_wrapper_attr("memory_span") if env.has_wrapper_attr("memory_span") else None
    return span if isinstance(span, int) else None


def play(
    episode: Episode,
    folder: Path,
    on_turn: Callable[[Tally], None] = lambda _: None,
    models: Mapping[str, ChatModel] | None = None,
    prices: Prices | None = None,
    files: Mapping[str, str] | None = None,
    scenes: bool = True,
) -> EpisodeResult:
    """Plays an episode to its end. Environment and agent are new, and are closed after it.

    What an interrupted attempt at the same episode has recorded in the folder is followed: the game
    must go as it did then, and calls of models are answered from the recording.

    Args:
        episode: The specification.
        folder: Where the trace is written; made where it is not there.
        on_turn: Is told after every turn.
        models: Models that are open already, by role; they stay open. The others that the episode
            names are opened, and closed at its end.
        prices: What models cost; those that ship with the package by default.
        files: What the memory begins with, where the episode comes after another one.
        scenes: Whether the game's scenes are recorded, where it draws any.

    Returns:
        The result.

    Raises:
        EpisodeChangedError: The game does not go as it was recorded.
        Exception: Whatever the environment, the agent or a model raises.
    """
    folder.mkdir(parents=True, exist_ok=True)
    given = dict(models or {})
    earlier = keep_earlier(episode, folder)
    opened = open_for(episode, given, earlier)
    # Read a second time, because models are asked before the turn that they are asked for.
    following = Following(None if earlier is None else Trace(earlier.path))
    try:
        playing = _Playing(episode, folder, on_turn, opened, prices, scenes)
        result = playing.to_the_end(following, files)
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
        scenes: bool,
    ) -> None:
        self._episode = episode
        self._scenes = scenes
        self._specs = specs_of(episode)
        self._prices = prices or Prices.load()
        self._path = folder / TRACE
        self._on_turn = on_turn
        self._transcript = Transcript()
        self._agent = make_agent(episode, self._transcript.listen(models))
        self._tally = Tally()
        self._seconds = 0.0

    def to_the_end(self, following: Following, files: Mapping[str, str] | None) -> EpisodeResult:
        env = environments.make(self._episode)
        recorder = Recorder(self._path)
        try:
            observation, info = self._begin(env, recorder, following, files)
            self._loop(env, recorder, following, observation, info)
            recorder.finish()
        finally:
            recorder.close()
            env.close()  # type: ignore[no-untyped-call]
        return self._result(following)

    def _begin(
        self,
        env: gymnasium.Env[Any, Any],
        recorder: Recorder,
        following: Following,
        files: Mapping[str, str] | None,
    ) -> tuple[Mapping[str, str], Mapping[str, Any]]:
        episode, agent = self._episode, self._agent
        game = env.get_wrapper_attr("game_name") if env.has_wrapper_attr("game_name") else ""
        check_scaffold(episode, agent, game)
        observation, info = begin(env, agent, episode.seed, episode.agent_seed, files)
        scenery = scenery_of(env) if self._scenes else None
        recorder.start(episode, observation, info, memory_of(env), span_of(env), scenery)
        following.begin(observation)
        self._transcript.heard = recorder.call
        return observation, info

    def _loop(
        self,
        env: gymnasium.Env[Any, Any],
        recorder: Recorder,
        following: Following,
        observation: Mapping[str, str],
        info: Mapping[str, Any],
    ) -> None:
        agent, tally = self._agent, self._tally
        started = time.perf_counter()
        over = cut = False
        while not (over or cut):
            decision = as_decision(agent.act(observation, info))
            asked = self._transcript.take(decision.calls)
            action, events = str(decision.action), decision.events
            if following.goes_on and (difference := following.decide(action)):
                events = (*events, Event(LEFT, difference))
            observation, reward, over, cut, info = env.step(decision.action)
            value = float(reward)
            if not math.isfinite(value):
                raise ValueError(f"the environment gave the reward {value}")
            recorder.turn(action, observation, value, info, asked, events)
            tally.heed(asked, events, self._cost)
            tally.add(value, info)
            self._on_turn(tally)
            if following.goes_on:
                following.compare(observation, value, info)
                started = time.perf_counter()  # what was played before is not timed again
        self._seconds = time.perf_counter() - started
        self._end = info.get("episode_end") or ("terminated" if over else "truncated")

    def _cost(self, call: Call) -> float | None:
        spec = self._specs.get(call.role)
        return None if spec is None else self._prices.cost(spec, call.completion.usage)

    def _result(self, following: Following) -> EpisodeResult:
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
            seconds=round(self._seconds, 4),
            followed_steps=following.game_steps,
            commands=dict(sorted(tally.commands.items())),
            refused=tally.refused,
            invalid_actions=tally.invalid_actions,
            episode_end=self._end,
            events=dict(sorted(tally.events.items())),
            models={role: figures(taken) for role, taken in sorted(tally.models.items())},
            **vars(measure_episode(Trace(self._path))),
        )
