"""What an agent is: it sees an observation, and decides on the next turn."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

import gymnasium

from agents.model.call import Call
from automem_gym import GameAction, MemoryAction
from memory_fs import MemoryConfig, MemoryStore

Observation = Mapping[str, str]
Action = str | GameAction | MemoryAction


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened between an agent and its model, for traces and counts.

    Attributes:
        name: What happened, such as ``hand-over`` or ``rejected``; counted by this name.
        detail: About what.
    """

    name: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """What an agent does with its turn.

    Attributes:
        action: The action for ``env.step``.
        calls: The model calls that led to it, for traces and accounts; empty where there was none.
        events: What else happened on the way to it.
    """

    action: Action
    calls: tuple[Call, ...] = ()
    events: tuple[Event, ...] = ()


@runtime_checkable
class Agent(Protocol):
    """A policy for the step loop.

    One agent plays one episode at a time. What it remembers between turns is its own affair; what
    should count as memory goes into the memory files, through commands.
    """

    def reset(self, observation: Observation, info: Mapping[str, Any], seed: int) -> None:
        """Prepares for an episode.

        Args:
            observation: What ``env.reset`` returned: four texts.
            info: Its ``info``, which names the game, its actions and its instructions.
            seed: Seed for the agent's own randomness.
        """

    def act(self, observation: Observation, info: Mapping[str, Any]) -> Decision | Action:
        """Decides on the next turn.

        Args:
            observation: The last observation.
            info: The last ``info``.

        Returns:
            The decision; an action alone is one without model calls.
        """


@runtime_checkable
class BringsMemory(Protocol):
    """An agent that says what its memory is made of: its first files, vocabulary and limits."""

    def memory_config(self, game: str) -> MemoryConfig | None:
        """The memory for a game; None takes the environment's own.

        Args:
            game: Name of the game, as ``info["game"]`` will say it; empty where it has none.
        """


def begin(
    env: gymnasium.Env[Any, Any],
    agent: Agent,
    seed: int | None,
    agent_seed: int,
    files: Mapping[str, str] | None = None,
) -> tuple[Observation, dict[str, Any]]:
    """Starts an episode with an agent: the environment first, with the memory that it brings.

    A root and a durability that the environment was made with stay as they are.

    Args:
        env: The environment.
        agent: The agent.
        seed: Seed of the environment.
        agent_seed: Seed of the agent's own randomness.
        files: The files that the memory begins with, in place of the agent's or the environment's.

    Returns:
        What ``env.reset`` returned.
    """
    options: dict[str, Any] = {}
    old = env.get_wrapper_attr("memory") if env.has_wrapper_attr("memory") else None
    if isinstance(old, MemoryStore):
        new = None
        if isinstance(agent, BringsMemory):
            new = agent.memory_config(env.get_wrapper_attr("game_name"))
        if new is not None or files is not None:
            config = new or old.config
            options["memory"] = dataclasses.replace(
                config,
                files=config.files if files is None else files,
                root=old.config.root,
                durability=old.config.durability,
            )
    observation, info = env.reset(seed=seed, options=options or None)
    agent.reset(observation, info, agent_seed)
    return observation, info


#: The shortest form of an agent: from observation and info to an action.
Policy = Callable[[Observation, Mapping[str, Any]], Action]


class FunctionAgent:
    """A plain function as an agent."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy

    def reset(self, observation: Observation, info: Mapping[str, Any], seed: int) -> None:
        """Nothing to prepare: a function has no state."""

    def act(self, observation: Observation, info: Mapping[str, Any]) -> Decision:
        """Asks the function."""
        return Decision(self._policy(observation, info))


def as_decision(decided: Decision | Action) -> Decision:
    """Makes a decision of what an agent returned.

    Raises:
        TypeError: It is neither a decision nor an action.
    """
    if isinstance(decided, Decision):
        return decided
    if isinstance(decided, str | GameAction | MemoryAction):
        return Decision(decided)
    raise TypeError(
        "an agent returns a Decision, or an action: text, a GameAction or a MemoryAction; not "
        f"{type(decided).__name__}: {decided!r:.80}"
    )


def as_agent(agent: Agent | Policy) -> Agent:
    """Makes an agent of an agent or of a plain function.

    Raises:
        TypeError: It is neither.
    """
    if isinstance(agent, Agent):
        return agent
    if callable(agent):
        return FunctionAgent(agent)
    raise TypeError(
        f"an agent has reset(observation, info, seed) and act(observation, info), or is a function "
        f"of observation and info; {type(agent).__name__} is neither"
    )
