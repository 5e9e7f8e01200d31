from __future__ import annotations

import numpy as np
import pytest

from training.structure.gate.noise import SUITE, noises

NOISES = noises()
UP, DOWN = np.array(True), np.array(False)


@pytest.mark.parametrize("name", NOISES)
def test_scores_are_shares_and_equal_players_differ_either_way(name: str):
    noise, rng = NOISES[name], np.random.default_rng(2)
    seeds = noise.seeds(rng, 100_000)
    before, after = (noise.play(rng, seeds, DOWN, 0) for _ in range(2))
    assert min(before.min(), after.min()) >= 0
    assert max(before.max(), after.max()) <= 1
    difference = after - before
    assert difference.std() > 0
    assert abs(difference.mean()) < 5 * difference.std() / 300


@pytest.mark.parametrize("name", NOISES)
@pytest.mark.parametrize("effect", [1.0, 0.25])
def test_an_effect_is_in_standard_deviations_of_what_is_seen(name: str, effect: float):
    noise, rng = NOISES[name], np.random.default_rng(3)
    seeds, share = noise.seeds(rng, 100_000), noise.share(effect)
    before, after = (noise.play(rng, seeds, up, share) for up in (DOWN, UP))
    difference = after - before
    assert difference.mean() / difference.std() == pytest.approx(effect, abs=0.03)
    assert difference.mean() == pytest.approx(noise.gain(effect), rel=0.1)


def test_no_effect_moves_nothing():
    assert NOISES[SUITE].share(0) == 0
