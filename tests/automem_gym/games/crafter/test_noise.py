import numpy as np
import opensimplex
import pytest
from hypothesis import given
from hypothesis import strategies as st

from automem_gym.games.crafter.noise import Noise, permutation

GRID = np.indices((24, 24)).reshape(2, -1).T


def library(seed, points):
    simplex = opensimplex.OpenSimplex(seed)
    return np.array([simplex.noise3(*point) for point in points])


@pytest.mark.parametrize("seed", [0, 1, 77, 2**31 - 2])
def test_anywhere_the_values_are_the_librarys(seed):
    points = np.random.default_rng(seed).uniform(-30, 30, (1500, 3))
    assert np.abs(Noise(points)(permutation(seed)) - library(seed, points)).max() < 1e-12


@pytest.mark.parametrize(("size", "z"), [(1, 0), (2, 3), (3, 8), (8, 1), (15, 3)])
def test_on_a_grid_where_scores_tie_the_values_are_the_librarys(size, z):
    points = np.column_stack([GRID / size, np.full(len(GRID), z)])
    assert np.abs(Noise(points)(permutation(5)) - library(5, points)).max() < 1e-12


@given(st.integers(0, 2**31 - 1))
def test_the_permutation_holds_every_number_once(seed):
    assert sorted(permutation(seed).tolist()) == list(range(256))


def test_one_geometry_serves_many_seeds():
    points = np.column_stack([GRID / 7, np.full(len(GRID), 6)])
    noise = Noise(points)
    first = noise(permutation(1))
    assert not np.allclose(first, noise(permutation(2)))
    assert (noise(permutation(1)) == first).all()
