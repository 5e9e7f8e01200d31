"""Local models: transformers and PEFT, many conversations at once, one set of base weights.

Models of one base share an engine: the base's weights stand in memory once, adapters are switched
on token by token, and rows with different adapters, or none, run in one batch. What conversations
begin with alike is read once (see :mod:`agents.backends.local.prefix_cache`); an activated LoRA
shares it even with the base.

transformers has continuous batching of its own (``generate_batch``). It lacks three things
(measured with 5.23 on a CPU): an adapter for each request (its rows are packed into one, which
PEFT cannot split), a seed for each request, and speed without flash attention: TODO.
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
