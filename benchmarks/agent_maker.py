"""Makes the agent of an episode."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol, runtime_checkable

from agents import Agent, load_agent
from agents.model import ChatModel, ModelSetupError
from agents.scaffold import Scaffold
from benchmarks.episode import Episode


@runtime_checkable
class UsesScaffold(Protocol):
    """An agent whose prompts and memory come from a scaffold."""

    def scaffold(self, game: str) -> Scaffold:
        """The scaffold for a game."""


def make_agent(episode: Episode, models: Mapping[str, ChatModel]) -> Agent:
    """Makes the agent of an episode.

    Args:
        episode: The episode.
        models: Its models by role.

    Raises:
        Exception: Whatever the agent raises.
    """
    arguments: dict[str, Any] = dict(episode.agent_args)
    if models:
        arguments["models"] = models
    if episode.scaffold_source:
        arguments |= {"scaffold": episode.scaffold_source, "trust_hooks": episode.trust_hooks}
    return load_agent(episode.agent, **arguments)


def check_scaffold(episode: Episode, agent: Agent, game: str) -> None:
    """Checks that the scaffold of an agent is still that of the episode.

    Raises:
        ModelSetupError: It has changed since the run was started.
    """
    if not episode.scaffold or not isinstance(agent, UsesScaffold):
        return
    found = agent.scaffold(game).digest
    if found != episode.scaffold:
        raise ModelSetupError(
            f"the scaffold {episode.scaffold_source} has changed since this run was started "
            f"({episode.scaffold[:8]} then, {found[:8]} now); start a run of its own with it"
        )
