"""Several adapters, and none, in one batch.

PEFT mixes adapters in a batch too (``adapter_names``), but it looks up the rows of each adapter in
every layer with a Python list, which on a GPU waits for the device twice a layer; and with more
than one activated LoRA on a quantised base it takes the wrong rows. Here the tokens of each
adapter are looked up once for all layers. The sums are the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any, NamedTuple

import torch
from torch import nn

from agents.model import ModelSetupError


class AdapterPart(NamedTuple):
    """The tokens of a forward pass that one adapter is on for.

    Attributes:
        name: The adapter's name in PEFT.
        tokens: Their numbers, counted through all rows; None for all tokens.
    """

    name: str
    tokens: torch.Tensor | None


class Mixture:
    """Which adapter is on for which tokens of the forward pass that comes next.

    Attributes:
        parts: The adapters that are on.
        tokens: How many tokens the forward pass has, padding included.
    """

    def __init__(self) -> None:
        self.parts: Sequence[AdapterPart] = ()
        self.tokens = 0

    def install(self, model: nn.Module) -> None:
        """Makes the adapted layers of a model follow this mixture."""
        from peft.tuners.lora import LoraLayer

        for module in model.modules():
            if isinstance(module, LoraLayer):
                # PEFT's own forward would need the names passed through the whole model.
                vars(module)["forward"] = partial(self._forward, module)

    def _forward(self, layer: Any, x: torch.Tensor) -> torch.Tensor:
        result: torch.Tensor = layer.base_layer(x)
        for name, tokens in self.parts:
            if name not in layer.lora_A:
                continue
            a, b, scaling = layer.lora_A[name], layer.lora_B[name], layer.scaling[name]
            if tokens is None:
                result = result + (b(a(x.to(a.weight.dtype))) * scaling).to(result.dtype)
                continue
            flat, shape = x.reshape(-1, x.shape[-1]), result.shape
            if len(flat) != self.tokens:
                raise ModelSetupError(
                    "an adapter of this model changes a layer that does not see each token once, "
                    "such as an expert; it cannot answer in one batch with the base"
                )
            change = b(a(flat.index_select(0, tokens).to(a.weight.dtype))) * scaling
            result = result.reshape(-1, shape[-1])
            result = result.index_add_(0, tokens, change.to(result.dtype)).view(shape)
        return result
