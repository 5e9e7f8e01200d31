"""Local models: transformers and PEFT, many conversations at once, one set of base weights.

Models of one base share an engine: the base's weights stand in memory once, adapters are switched
on token by token, and rows with different adapters, or none, run in one batch. What conversations
begin with alike is read once (:mod:`agents.backends.local.prefix_cache`) and looked at in place
(:mod:`agents.backends.local.attention`); an activated LoRA shares it even with the base.

transformers has continuous batching of its own (``generate_batch``), which lacks three things
(5.23, CPU): an adapter for each request (it packs all requests into one row, and PEFT mixes by
rows), a seed for each request, and speed without flash attention. 8 prompts of 1,700 tokens, 1,500
of them alike, with answers of 48 tokens from 27M parameters took it 18 CPU seconds; plain
``generate``, one after the other, 21; this engine 6. The greedy tokens were the same.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING

from agents.model import ModelSpec

if TYPE_CHECKING:
    from agents.backends.local.force import Force
    from agents.backends.local.model import LocalModel


def open_models(
    specs: Mapping[str, ModelSpec], force: Force | None = None
) -> dict[str, LocalModel]:
    """Opens models. Those of one base share its weights and one batch.

    Args:
        specs: The models by role. ``name`` is a directory or an id of weights, ``adapter`` one of
            a LoRA adapter; for the options see
            :class:`agents.backends.local.options.LocalOptions`.
        force: For measuring: writes all answers; see :mod:`agents.backends.local.force`.

    Raises:
        ModelSetupError: One cannot be had as it is specified.
        ImportError: transformers or PEFT is not installed.
    """
    # At its import it recommends a package, in every program that runs on a CPU.
    logging.getLogger("bitsandbytes.backends.cpu.ops").setLevel(logging.ERROR)
    try:
        from agents.backends.local.opening import open_local
    except ImportError as error:
        if (error.name or "").startswith("agents"):
            raise
        raise ImportError(
            f"local models need {error.name}, which is not installed: "
            "pip install 'automem-gym[llm]'"
        ) from error
    return open_local(specs, force)
