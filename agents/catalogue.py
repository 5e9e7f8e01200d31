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
}


def load_agent(name: str, **options: Any) -> Agent:
    """Makes a new agent.

    Args:
        name: A name of :data:`AGENTS`, or ``module:Name`` of a class, of a function that makes an
            agent, or of a plain policy function: one with two arguments, observation and info.
        **options: Arguments for the class or the maker.

    Raises:
        ValueError: There is no agent of this name.
        ImportError: Its module cannot be imported.
    """
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
    if inspect.isfunction(found) and _is_policy(found):
        if options:
            raise ValueError(f"{name} is a plain policy function and takes no options")
        return as_agent(found)
    return as_agent(found(**options) if callable(found) else found)


def _is_policy(function: Callable[..., object]) -> bool:
    """Whether a function takes two arguments; one that makes agents needs none."""
    needed = [
        parameter
        for parameter in inspect.signature(function).parameters.values()
        if parameter.default is parameter.empty
        and parameter.kind in (parameter.POSITIONAL_ONLY, parameter.POSITIONAL_OR_KEYWORD)
    ]
    return len(needed) == 2
