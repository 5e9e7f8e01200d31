"""Agents by name: the ones that ship with the package, and anybody's ``module:Name``."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Callable
from typing import Any

from agents.agent import Agent, as_agent
from memory_fs.suggestion import did_you_mean

AGENTS = {
    "random": "agents.random_agent:RandomAgent",
    "explorer": "agents.explorer:Explorer",
    "memory": "agents.memory_agent:MemoryAgent",
    "pair": "agents.memory_agent:PairAgent",
    "chat": "agents.chat_agent:ChatAgent",
    "tools": "agents.tools_agent:ToolsAgent",
}


def load_agent(name: str, **options: Any) -> Agent:
    """Makes a new agent.

    Args:
        name: A name of :data:`AGENTS`, or ``module:Name`` of a class, of a function that makes an
            agent, or of a plain policy function: one with two arguments, observation and info.
        **options: Arguments for the class or the maker; ``models`` are the models by role, for an
            agent that needs some (:func:`roles`).

    Raises:
        ValueError: There is no agent of this name, or it lacks a model.
        ImportError: Its module cannot be imported.
    """
    found = _find(name)
    needed = _roles(found)
    missing = [role for role in needed if role not in (options.get("models") or ())]
    if missing:
        flags = " ".join(_FLAGS.get(role, "--model MODEL") for role in needed)
        raise ValueError(
            f"the agent {name} needs models: {flags}; none is given for {' and '.join(missing)} "
            f"(in Python, models={{{', '.join(f'{role!r}: ...' for role in needed)}}})"
        )
    if inspect.isfunction(found) and _is_policy(found):
        if options:
            raise ValueError(f"{name} is a plain policy function and takes no options")
        return as_agent(found)
    return as_agent(found(**options) if callable(found) else found)


def roles(name: str) -> tuple[str, ...]:
    """What an agent needs models for: its class attribute ``roles``; empty where it needs none.

    Args:
        name: As for :func:`load_agent`.

    Raises:
        ValueError: There is no agent of this name.
        ImportError: Its module cannot be imported.
    """
    return _roles(_find(name))


#: How the models of roles are given on the command line, where that is not ``--model``.
_FLAGS = {"specialist": "--specialist MODEL"}


def _roles(found: Any) -> tuple[str, ...]:
    return tuple(getattr(found, "roles", ()))


def _find(name: str) -> Any:
    """What an agent's name stands for."""
    target = AGENTS.get(name, name)
    module, colon, attribute = target.partition(":")
    if not colon:
        hint = did_you_mean(name, AGENTS)
        raise ValueError(
            f"there is no agent {name!r}.{hint} There are {', '.join(AGENTS)}, and anybody's "
            "module:Name"
        )
    found = getattr(importlib.import_module(module), attribute, None)
    if found is None:
        place = getattr(importlib.import_module(module), "__file__", None)
        raise ValueError(f"the module {module} ({place}) has no {attribute}")
    return found


def _is_policy(function: Callable[..., object]) -> bool:
    """Whether a function takes two arguments; one that makes agents needs none."""
    needed = [
        parameter
        for parameter in inspect.signature(function).parameters.values()
        if parameter.default is parameter.empty
        and parameter.kind in (parameter.POSITIONAL_ONLY, parameter.POSITIONAL_OR_KEYWORD)
    ]
    return len(needed) == 2
