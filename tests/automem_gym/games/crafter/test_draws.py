import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from automem_gym.games.crafter import draws
from automem_gym.games.crafter.draws import Draws

SEEDS = st.integers(0, 2**31 - 2)


@given(SEEDS, st.lists(st.none() | st.integers(1, 5000), max_size=60))
def test_the_numbers_are_those_of_a_random_state(seed, bounds):
    ours, theirs = Draws(seed), np.random.RandomState(seed)
    for bound in bounds:
        if bound is None:
            assert ours.uniform() == theirs.uniform()
        else:
            assert ours.randint(0, bound) == theirs.randint(0, bound)


def test_the_seed_of_a_world_s_noise():
    assert Draws(9).randint(0, 2**31 - 1) == np.random.RandomState(9).randint(0, 2**31 - 1)


@pytest.mark.parametrize("movable", [True, False])
@given(seed=SEEDS, before=st.integers(0, 1300), doubles=st.integers(1, 2000))
def test_skipping_is_drawing(movable, seed, before, doubles):
    ours, theirs = Draws(seed), np.random.RandomState(seed)
    for _ in range(before % 700):
        ours.randint(0, 4)
        theirs.randint(0, 4)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(draws, "_state_can_be_moved", lambda: movable)
        ours.skip(2 * doubles)
    theirs.random_sample(doubles)
    assert [ours.uniform() for _ in range(5)] == [theirs.uniform() for _ in range(5)]


def test_this_numpy_s_generator_can_be_moved():
    assert draws._state_can_be_moved()


def test_a_range_of_one_draws_nothing():
    ours = Draws(3)
    assert ours.randint(7, 8) == 7
    assert ours.uniform() == np.random.RandomState(3).uniform()
