"""Makes what a run needs once, so that a mistyped setting is told before anything starts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import gymnasium

from agents import Agent
from agents.backends import open_models
from agents.catalogue import roles
from agents.model import ChatModel, ModelError, ModelSpec
from benchmarks.agent_maker import UsesScaffold, make_agent
from benchmarks.configuration import Configuration
from benchmarks.environments import make
from benchmarks.episode import Episode
from benchmarks.models.opening import paid, recording, specs_of
from benchmarks.models.weights import weights_digest
from benchmarks.used_seeds import check_unused

#: What a wrong setting raises. Anything else is a fault in somebody's code: it keeps its traceback.
_MISTAKES = (gymnasium.error.Error, ValueError, TypeError, ImportError, OSError, ModelError)
#: The scaffold of an agent that uses one, where none is named.
DEFAULT_SCAFFOLD = "v0"


class RehearsalError(ValueError):
    """An agent, a model or an environment that cannot be made; the message is one line."""


def roles_of(agent: str) -> tuple[str, ...]:
    """What an agent needs models for; see :func:`agents.catalogue.roles`.

    Raises:
        RehearsalError: There is no such agent.
    """
    try:
        return roles(agent)
    except _MISTAKES as error:
        raise RehearsalError(f"--agent {agent}: {_line(error)}") from error


def rehearse(settings: Configuration, allow_used_seeds: bool = False) -> Configuration:
    """Makes the agent of a run, its environments, and those of its models that cost nothing.

    Args:
        settings: The settings of the run.
        allow_used_seeds: Whether seeds may be played that scaffold or adapter was made with.

    Returns:
        The same settings, with the digests of weights and scaffolds that they name.

    Raises:
        RehearsalError: Something cannot be made.
        UsedSeedsError: Seeds are played that scaffold or adapter was made with.
    """
    episodes = settings.episodes()
    specs = specs_of(episodes[0])
    try:
        weights = {role: weights_digest(spec) for role, spec in specs.items()}
        models = _open_free(specs, episodes)
    except _MISTAKES as error:
        raise RehearsalError(f"--model: {_line(error)}") from error
    agent = _agent(replace(episodes[0], scaffold_source=""), models)
    if isinstance(agent, UsesScaffold):
        settings = replace(settings, scaffold=settings.scaffold or DEFAULT_SCAFFOLD)
        agent = _agent(settings.episodes()[0], models)
    elif settings.scaffold or settings.trust_hooks:
        flag = "--scaffold" if settings.scaffold else "--trust-hooks"
        raise RehearsalError(f"{flag}: the agent {settings.agent} has no scaffold; leave it out")
    games = games_of(settings)
    scaffolds = _scaffolds(settings, agent, games)
    if not allow_used_seeds:
        check_unused(settings, games)
    return replace(
        settings,
        weights={role: digest for role, digest in weights.items() if digest},
        scaffolds=scaffolds,
    )


def open_paid(settings: Configuration) -> dict[str, ChatModel]:
    """Opens those models of a run that cost something, and shows them to the agent.

    Returns:
        The models by role, for the whole run.

    Raises:
        RehearsalError: One cannot be had, or is none for the agent.
    """
    episode = settings.episodes()[0]
    specs = specs_of(episode)
    try:
        models = open_models(paid(specs))
    except _MISTAKES as error:
        raise RehearsalError(f"--model: {_line(error)}") from error
    try:
        _agent(episode, {**_open_free(specs, ()), **models})
    except RehearsalError:
        for model in models.values():
            model.close()
        raise
    return models


class StandIn:
    """In the place of a model, where an agent is made and not asked."""

    def __init__(self, name: str) -> None:
        self.name = name

    def generate(self, *_: Any) -> Any:
        """Nobody may ask."""
        raise RuntimeError("an agent asked a model before its episode had begun")

    call = generate

    def close(self) -> None:
        """Nothing to free."""


def _open_free(specs: Mapping[str, ModelSpec], episodes: Sequence[Episode]) -> dict[str, ChatModel]:
    """Opens the models that cost nothing, as each process will, with stand-ins for the others.

    Args:
        specs: The models by role.
        episodes: Episodes of which a recorded model must have the recording.
    """
    models: dict[str, ChatModel] = {role: StandIn(str(spec)) for role, spec in specs.items()}
    free = {role: spec for role, spec in specs.items() if role not in paid(specs)}
    for role, spec in free.items():
        if spec.backend == "recorded":
            for episode in episodes:
                recording(spec.name, episode, role)
        else:
            models |= open_models({role: spec})
    return models


def _agent(episode: Episode, models: Mapping[str, ChatModel]) -> Agent:
    try:
        return make_agent(episode, models)
    except _MISTAKES as error:
        raise RehearsalError(f"--agent {episode.agent}: {_line(error)}") from error


def games_of(settings: Configuration) -> dict[str, str]:
    """Makes each environment once; gives the names of their games, which may be empty."""
    found: dict[str, str] = {}
    for episode in {episode.env_id: episode for episode in settings.episodes()}.values():
        try:
            env = make(episode)
            known = env.has_wrapper_attr("game_name")
            found[episode.env_id] = env.get_wrapper_attr("game_name") if known else ""
            env.close()  # type: ignore[no-untyped-call]
        except _MISTAKES as error:
            raise RehearsalError(f"--env {episode.env_id}: {_line(error)}") from error
    return found


def _scaffolds(settings: Configuration, agent: Agent, games: Mapping[str, str]) -> dict[str, str]:
    """The digests of the agent's scaffolds, by environment."""
    if not isinstance(agent, UsesScaffold):
        return {}
    try:
        return {env_id: agent.scaffold(game).digest for env_id, game in games.items()}
    except _MISTAKES as error:
        raise RehearsalError(f"--scaffold {settings.scaffold}: {_line(error)}") from error


def _line(error: Exception) -> str:
    return " ".join(str(error).split()) or type(error).__name__
