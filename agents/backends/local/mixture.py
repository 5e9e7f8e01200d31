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

#: In a pass over at most this many tokens an adapter computes its change for all of them, and what
#: is not its own is dropped: reading the adapter's weights takes longer than the sums.
_FEW = 64


class AdapterPart(NamedTuple):
    """The tokens of a forward pass that one adapter is on for.

    Attributes:
        name: The adapter's name in PEFT.
        tokens: Their numbers, counted through all rows; None for all tokens.
        others: Of each token of the pass whether the adapter is off for it, ``[tokens, 1]``;
            None where the pass has many tokens, or all are the adapter's.
    """

    name: str
    tokens: torch.Tensor | None = None
    others: torch.Tensor | None = None

    @classmethod
    def of(cls, name: str, tokens: Sequence[int], among: int, device: torch.device) -> AdapterPart:
        """An adapter that is on for some of so many tokens."""
        numbers = torch.tensor(tokens)
        if among > _FEW:
            return cls(name, numbers.to(device))
        others = torch.ones(among, 1, dtype=torch.bool).index_fill_(0, numbers, False)
        return cls(name, numbers, others.to(device))


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
        for name, tokens, others in self.parts:
            if name not in layer.lora_A:
                continue
            a, b, scaling = layer.lora_A[name], layer.lora_B[name], layer.scaling[name]
            if tokens is None:
                result.add_(b(a(x.to(a.weight.dtype))), alpha=scaling)
                continue
            flat, sums = x.reshape(-1, x.shape[-1]), result.view(-1, result.shape[-1])
            if len(flat) != self.tokens:
                raise ModelSetupError(
                    "an adapter of this model changes a layer that does not see each token once, "
                    "such as an expert; it cannot answer in one batch with the base"
                )
            if others is not None:
                change = b(a(flat.to(a.weight.dtype))).masked_fill_(others, 0)
                sums.add_(change, alpha=scaling)
            else:
                change = b(a(flat.index_select(0, tokens).to(a.weight.dtype)))
                sums.index_add_(0, tokens, change.to(sums.dtype), alpha=scaling)
        return result
