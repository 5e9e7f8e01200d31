"""Attention of rows whose beginnings are shared.

Rows that begin with the same static beginning look at one copy of its keys and values. For the
next tokens of many rows, that part of the attention is one product of matrices, read from memory
once and not once for each row; its result and that of the rows' own parts are put together by
their sums (the softmax in parts of Milakov and Gimelshein 2018, arXiv 1805.02867; shared
beginnings as in Juravsky et al. 2024, arXiv 2402.05099).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import torch
from torch import nn
from transformers import AttentionInterface, AttentionMaskInterface
from transformers.integrations.sdpa_attention import sdpa_attention_forward
from transformers.masking_utils import sdpa_mask

if TYPE_CHECKING:
    from agents.backends.local.prefix_tree import KeyValues

#: The name under which transformers finds it.
NAME = "automem_shared_beginnings"


class Group(NamedTuple):
    """Rows of a pass that share a beginning.

    Attributes:
        rows: Their numbers in the pass; None for all.
        keyvalues: Keys and values of the beginning.
    """

    rows: torch.Tensor | None
    keyvalues: KeyValues


class _Sums(NamedTuple):
    """Attention to some of the keys: not yet divided by the sum of its weights.

    Attributes:
        values: Weighted sum of values, ``[..., width]``.
        weights: Sum of the weights, ``[..., 1]``.
        highest: The highest score, which the weights are relative to.
    """

    values: torch.Tensor
    weights: torch.Tensor
    highest: torch.Tensor

    def plus(self, other: _Sums) -> _Sums:
        """Attention to both sets of keys."""
        highest = torch.maximum(self.highest, other.highest)
        mine, its = (self.highest - highest).exp(), (other.highest - highest).exp()
        return _Sums(
            self.values * mine + other.values * its,
            self.weights * mine + other.weights * its,
            highest,
        )


def register() -> str:
    """Makes it known to transformers; its name."""
    AttentionInterface.register(NAME, attend)
    AttentionMaskInterface.register(NAME, sdpa_mask)
    return NAME


def attend(
    module: nn.Module,
    query: torch.Tensor,
    key: torch.Tensor,
    value: torch.Tensor,
    attention_mask: torch.Tensor | None,
    scaling: float | None = None,
    shared: Sequence[Group] = (),
    **kwargs: Any,
) -> tuple[torch.Tensor, None]:
    """Attention as a layer of transformers calls it.

    Args:
        module: The layer.
        query: ``[rows, query heads, tokens, width]``.
        key: The rows' own keys, ``[rows, heads, places, width]``.
        value: The same of the values.
        attention_mask: Which own places each token sees, ``[rows, 1, tokens, places]``.
        scaling: What scores are multiplied with; by default the root of 1 / width.
        shared: The rows that share a beginning, all of which they see.
        **kwargs: For the attention of transformers.

    Returns:
        ``[rows, tokens, query heads, width]``, and no weights.
    """
    if len(shared) == 1 and shared[0].rows is None and _better_joined(query):
        key, value, attention_mask = _join(key, value, attention_mask, module, shared[0])
        shared = ()
    if not shared:
        done: tuple[torch.Tensor, None] = sdpa_attention_forward(
            module, query, key, value, attention_mask, scaling=scaling, **kwargs
        )
        return done
    rows, heads, tokens, width = query.shape
    factor = width**-0.5 if scaling is None else scaling
    # The query heads that belong to one head of keys count as further tokens.
    asked = (query * factor).reshape(rows, key.shape[1], -1, width)
    own = _sums(asked, key, value, attention_mask)
    layer: Any = module.layer_idx
    for numbers, keyvalues in shared:
        mine = own if numbers is None else _Sums(*(part[numbers] for part in own))
        some = asked if numbers is None else asked[numbers]
        joined = mine.plus(_sums_of_all(some, *keyvalues[layer]))
        if numbers is None:
            own = joined
        else:
            for part, new in zip(own, joined, strict=True):
                part[numbers] = new
    result = (own.values / own.weights).to(query.dtype)
    return result.reshape(rows, heads, tokens, width).transpose(1, 2).contiguous(), None


def _better_joined(query: torch.Tensor) -> bool:
    """Whether to copy a beginning in front of each row's own keys, for one fused kernel.

    Many tokens of a row are better off with it; and one row alone on a GPU, where launching more
    kernels takes longer than copying.
    """
    return query.shape[2] > 1 or (query.shape[0] == 1 and query.is_cuda)


def _join(
    key: torch.Tensor,
    value: torch.Tensor,
    mask: torch.Tensor | None,
    module: nn.Module,
    group: Group,
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    assert mask is not None
    layer: Any = module.layer_idx
    first_key, first_value = group.keyvalues[layer]
    rows, length = key.shape[0], first_key.shape[1]
    seen = mask.new_ones((*mask.shape[:-1], length))
    return (
        torch.cat([first_key.expand(rows, -1, -1, -1), key], 2),
        torch.cat([first_value.expand(rows, -1, -1, -1), value], 2),
        torch.cat([seen, mask], -1),
    )


def _sums_of_all(asked: torch.Tensor, key: torch.Tensor, value: torch.Tensor) -> _Sums:
    """Attention of some rows to keys that they share, ``[heads, places, width]``."""
    rows, heads, tokens, width = asked.shape
    together = asked.transpose(0, 1).reshape(heads, rows * tokens, width)
    sums = _sums(together, key, value)
    return _Sums(*(part.view(heads, rows, tokens, -1).transpose(0, 1) for part in sums))


def _sums(
    asked: torch.Tensor,
    key: torch.Tensor,
    value: torch.Tensor,
    mask: torch.Tensor | None = None,
) -> _Sums:
    scores = torch.matmul(asked, key.transpose(-1, -2)).float()
    if mask is not None:
        rows, heads, _, places = scores.shape
        each = scores.view(rows, heads, -1, mask.shape[2], places)
        each.masked_fill_(~mask[:, :, None], -torch.inf)
    highest = scores.amax(-1, keepdim=True)
    weights = scores.sub_(highest).exp_()
    values = torch.matmul(weights.to(value.dtype), value).float()
    return _Sums(values, weights.sum(-1, keepdim=True), highest)
