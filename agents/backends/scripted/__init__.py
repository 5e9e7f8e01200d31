"""Scripted chat models: rules that read rendered prompts and answer them in the protocol.

They make agents, loops and tests run for free, and show what each habit of using a memory costs.
The habits are knobs, set as ``scripted:consult=0.5,blind=0.2`` or by the options of the
specification; see :mod:`agents.backends.scripted.knobs`.
"""

from __future__ import annotations

from collections.abc import Mapping

from agents.backends.scripted.knobs import Knobs
from agents.backends.scripted.model import ScriptedModel
from agents.model import ChatModel, ModelSetupError, ModelSpec

__all__ = ["Knobs", "ScriptedModel", "open_models"]


def open_models(specs: Mapping[str, ModelSpec]) -> dict[str, ChatModel]:
    """Opens scripted models.

    Args:
        specs: The models by role. Name and options give the knobs; of the sampling, only
            ``max_tokens`` counts.

    Raises:
        ModelSetupError: A knob is unknown or out of range, or an adapter is asked for.
    """
    return {role: _open(spec) for role, spec in specs.items()}


def _open(spec: ModelSpec) -> ScriptedModel:
    if spec.adapter:
        raise ModelSetupError(
            f"a scripted model has no weights and takes no adapter, not {spec.adapter!r}"
        )
    return ScriptedModel(Knobs.read(spec.name, spec.options), spec.sampling.max_tokens)
