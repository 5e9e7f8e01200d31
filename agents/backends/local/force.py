"""Answers that somebody else writes, for measurements and tests.

A model with random weights writes no commands. With a force, all is computed as always: the
prompt, each token of the answer, its scores, the drawing. Only then is the token that was drawn
replaced by the next one of an answer that a scripted model, or a function, has written.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from agents import backends
from agents.model import Message, ModelSetupError, ModelSpec

#: Writes an answer: from the conversation and the seed of the call.
Force = Callable[[Sequence[Message], int], str]


def forced_by(option: str | Mapping[str, Any], spec: ModelSpec) -> Force | None:
    """Opens the model that an option names; None where it names none.

    Args:
        option: ``scripted``, ``scripted:...``, or a ModelSpec as plain data.
        spec: The model whose answers are replaced.

    Raises:
        ModelSetupError: It names no scripted model.
    """
    if not option:
        return None
    try:
        if isinstance(option, str):
            writer = ModelSpec.parse(option, sampling=spec.sampling)
        else:
            writer = ModelSpec(**{"backend": "scripted", "sampling": spec.sampling, **option})
    except (TypeError, ValueError) as error:
        raise ModelSetupError(f"force={option!r} names no model: {error}") from error
    if writer.backend != "scripted":
        raise ModelSetupError(f"force names a scripted model, not {writer}")
    model = backends.open_models({"agent": writer})["agent"]
    return lambda messages, seed: model.generate(messages, seed).text
