"""Model backends, each a module with ``open_models``; imported when one is opened."""

from __future__ import annotations

import importlib
from collections.abc import Mapping

from agents.model import ChatModel, ModelSpec

#: Backend to the module that opens its models: ``open_models(specs) -> models``, both by role.
#: It is given all specs of its backend at once, so that they can share weights or a connection.
#: ``recorded`` is opened by who has the recording; see :mod:`agents.backends.recorded`.
MODULES = {
    "local": "agents.backends.local.copies",
    "messages": "agents.backends.messages",
    "completions": "agents.backends.completions",
    "scripted": "agents.backends.scripted",
}


def open_models(specs: Mapping[str, ModelSpec]) -> dict[str, ChatModel]:
    """Opens the models of an agent.

    Args:
        specs: The models by role: ``specialist`` and ``gameplay``, or ``agent``.

    Returns:
        The opened models by role; close each.

    Raises:
        ModelSetupError: One cannot be had as it is specified.
        ValueError: One is recorded: :mod:`agents.backends.recorded` opens those.
        ImportError: Its library is not installed; the message names the extra.
    """
    models: dict[str, ChatModel] = {}
    for backend in dict.fromkeys(spec.backend for spec in specs.values()):
        mine = {role: spec for role, spec in specs.items() if spec.backend == backend}
        if backend not in MODULES:
            raise ValueError(
                f"{backend} models are opened with the recording that they replay: "
                "agents.backends.recorded.open_recorded(calls, roles)"
            )
        models |= importlib.import_module(MODULES[backend]).open_models(mine)
    return models
