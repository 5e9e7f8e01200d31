"""Attention with shared beginnings, against plain attention to all keys at once."""

import types

import pytest
import torch
from torch.nn.functional import scaled_dot_product_attention

from agents.backends.local.attention import Group, attend

HEADS, GROUPS, WIDTH = 3, 2, 8


def tensor(*shape: int, seed: int) -> torch.Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


@pytest.mark.parametrize("tokens", [1, 5])
@pytest.mark.parametrize("layout", [[], [[0, 1, 2, 3]], [[0, 2]], [[1, 3], [0]], [[3], [0, 1, 2]]])
def test_it_is_plain_attention(tokens: int, layout: list[list[int]]) -> None:
    rows, places = 4, 9
    query = tensor(rows, HEADS * GROUPS, tokens, WIDTH, seed=1)
    key, value = tensor(2, rows, HEADS, places, WIDTH, seed=2)
    last = torch.tensor([0, 3, 2, 3])[:, None] + torch.arange(tokens)
    mask = torch.arange(places) <= last[:, None, :, None]
    first = [tensor(2, HEADS, 4 + number, WIDTH, seed=3 + number) for number in range(len(layout))]
    shared = [
        Group(
            torch.tensor(own) if len(own) < rows else None,
            [(torch.zeros(0), torch.zeros(0)), (keys, values)],
        )
        for own, (keys, values) in zip(layout, first, strict=True)
    ]
    module = types.SimpleNamespace(layer_idx=1, num_key_value_groups=GROUPS, is_causal=True)
    given, weights = attend(module, query, key, value, mask, scaling=0.3, shared=shared)
    assert weights is None
    assert given.shape == (rows, tokens, HEADS * GROUPS, WIDTH)
    for row in range(rows):
        numbers = [number for number, own in enumerate(layout) if row in own]
        keys = torch.cat([*(first[n][0] for n in numbers), key[row]], 1)
        values = torch.cat([*(first[n][1] for n in numbers), value[row]], 1)
        before = torch.ones(tokens, keys.shape[1] - places, dtype=torch.bool)
        wanted = scaled_dot_product_attention(
            query[row],
            keys.repeat_interleave(GROUPS, 0),
            values.repeat_interleave(GROUPS, 0),
            attn_mask=torch.cat([before, mask[row, 0]], -1),
            scale=0.3,
        )
        assert torch.allclose(given[row].transpose(0, 1), wanted, atol=1e-6)


def test_large_scores_do_not_overflow() -> None:
    query = tensor(2, 2, 1, WIDTH, seed=1) * 1e4
    key, value = tensor(2, 2, 2, 3, WIDTH, seed=2)
    mask = torch.ones(2, 1, 1, 3, dtype=torch.bool)
    first_key, first_value = tensor(2, 2, 4, WIDTH, seed=3)
    module = types.SimpleNamespace(layer_idx=0, num_key_value_groups=1)
    group = Group(None, [(first_key, first_value)])
    given, _ = attend(module, query, key, value, mask, shared=[group])
    assert torch.isfinite(given).all()
