"""Episodes one after the other, played a few game steps at a time."""

from __future__ import annotations

import itertools
import time
from collections import Counter
from collections.abc import Mapping
from typing import Any

from agents import as_decision
from agents.agent import Agent, Observation, begin
from agents.model import Usage
from benchmarks import environments
from benchmarks.episode import Episode
from benchmarks.pair.played import Played
from benchmarks.tally import Tally


class EpisodeRow:
    """Plays an environment with an agent; after an episode's end comes the next seed.

    The same arguments and an agent that answers alike give the same actions.

    Args:
        env_id: The environment.
        agent: The agent.
        first_seed: Seed of the first episode.
        stride: How far the next seed is.
        env_args: Arguments for ``gymnasium.make``.
    """

    def __init__(
        self,
        env_id: str,
        agent: Agent,
        first_seed: int,
        stride: int = 1,
        env_args: Mapping[str, Any] | None = None,
    ) -> None:
        self._agent = agent
        self._seeds = itertools.count(first_seed, stride)
        self._env_id = env_id
        self._env = environments.make(Episode(env_id, first_seed, env_args=env_args or {}))
        self._observation: Observation = {}
        self._info: dict[str, Any] = {}
        self._over = True

    def advance(self, game_steps: int) -> Played:
        """Plays on.

        Args:
            game_steps: How many game steps.

        Returns:
            What came of them. The time includes resets.

        Raises:
            Exception: Whatever the environment, the agent or its model raises.
        """
        tally, steps, episodes = Tally(), 0, 0
        actions: list[str] = []
        start = time.perf_counter()
        while steps < game_steps:
            if self._over:
                self._begin()
                episodes += 1
            decision = as_decision(self._agent.act(self._observation, self._info))
            self._observation, reward, over, cut, self._info = self._env.step(decision.action)
            self._over = over or cut
            steps += self._info["executed_action"] is not None
            tally.add(float(reward), self._info)
            tally.heed(decision.calls, decision.events)
            actions.append(str(decision.action))
        return Played(
            game_steps=steps,
            turns=tally.turns,
            episodes=episodes,
            seconds=time.perf_counter() - start,
            commands=tally.commands,
            refused=tally.refused,
            events=tally.events,
            calls=Counter({role: taken.calls for role, taken in tally.models.items()}),
            usage=sum((taken.usage for taken in tally.models.values()), Usage()),
            actions=tuple(actions),
        )

    def _begin(self) -> None:
        seed = next(self._seeds)
        agent_seed = Episode(self._env_id, seed).agent_seed
        self._observation, self._info = begin(self._env, self._agent, seed, agent_seed)
        self._over = False

    def close(self) -> None:
        """Closes the environment."""
        self._env.close()  # type: ignore[no-untyped-call]
