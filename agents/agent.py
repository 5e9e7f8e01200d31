"""What an agent is: it sees an observation, and decides on the next turn."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

from automem_gym import GameAction, MemoryAction

Observation = Mapping[str, str]
Action = str | GameAction | MemoryAction


@dataclass(frozen=True, slots=True)
class Decision:
    """What an agent does with its turn.

    Attributes:
        action: The action for ``env.step``.
        calls: The model calls that led to it, for traces and accounts; empty where there was none.
    """

    action: Action
    calls: tuple[Any, ...] = ()


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
