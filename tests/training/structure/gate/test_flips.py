from __future__ import annotations

import numpy as np
import pytest

from training.structure.gate.comparison import chance_of_better
from training.structure.gate.flips import at_most


@pytest.mark.parametrize("seeds", [4, 12, 20, 40])
@pytest.mark.parametrize("kind", ["steps", "solved"])
def test_it_says_what_the_gates_own_test_says(seeds: int, kind: str):
    rng = np.random.default_rng(seeds)
    data = rng.integers(-3, 5, (40, seeds)) / 22
    if kind == "solved":
        data = rng.choice([-1.0, 0, 0, 0, 1, 1], (40, seeds))
    chances = np.array([chance_of_better([(0.0, by) for by in row]) for row in data.tolist()])
    # Signs are drawn above 12 seeds: chances near the level may fall on either side of it.
    for level in (0.25, 0.02, 0.001):
        clear = np.abs(chances - level) > (0.1 * level if seeds > 12 else 0)
        found = at_most(data, np.full(len(data), level))
        assert (found == (chances <= level))[clear].all()


def test_a_chance_equal_to_the_level_is_enough_and_nothing_is_no_rise():
    levels = np.array([0.25, 0.25, 0.25])
    data = np.array([[0.1, 0.1, 0.0, 0.0], [0.1, 0.0, 0.0, 0.0], [0.0] * 4])
    assert at_most(data, levels).tolist() == [True, False, False]
