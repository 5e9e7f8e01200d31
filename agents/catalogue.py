"""Agents by name: the ones that ship with the package, and anybody's ``module:Name``."""

from __future__ import annotations

import importlib
import inspect
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
            agent, or of a plain policy function with the arguments (observation, info).
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
        raise ValueError(f"module {module} has no {attribute}")
    if inspect.isfunction(found) and list(inspect.signature(found).parameters)[:1] == [
        "observation"
    ]:
        if options:
            raise ValueError(f"{name} is a plain policy function and takes no options")
        return as_agent(found)
    return as_agent(found(**options) if callable(found) else found)
