"""Muon: directions with singular values near 1, and steps that lead down."""

import pytest
import torch

from training.mini.muon import Muon, orthogonal


@pytest.mark.parametrize("shape", [(8, 8), (8, 24), (24, 8), (1, 5)])
def test_singular_values_come_near_one(shape):
    matrix = torch.randn(shape, generator=torch.Generator().manual_seed(1)) * 50
    values = torch.linalg.svdvals(orthogonal(matrix))
    assert values.min() > 0.5
    assert values.max() < 1.3
    # The same left and right singular vectors: nothing is turned.
    assert torch.trace(matrix.T @ orthogonal(matrix)) > 0


def test_no_direction_is_no_trouble():
    assert not orthogonal(torch.zeros(3, 4)).any()


def test_it_finds_the_least_squares():
    draw = torch.Generator().manual_seed(2)
    inputs, wanted = torch.randn(64, 6, generator=draw), torch.randn(6, 3, generator=draw)
    matrix = torch.nn.Parameter(torch.zeros(6, 3))
    optimiser = Muon([matrix], lr=0.3)
    losses = []
    for _ in range(200):
        loss = (inputs @ (matrix - wanted)).pow(2).mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        losses.append(loss.item())
        for group in optimiser.param_groups:
            group["lr"] *= 0.98
    assert losses[-1] < 0.01 * losses[0]


def test_what_has_no_gradient_stays():
    matrix = torch.nn.Parameter(torch.ones(2, 2))
    Muon([matrix], lr=1.0, weight_decay=0.5).step()
    assert matrix.eq(1).all()
