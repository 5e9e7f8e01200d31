from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.statistics import CHANGE, SHARE, estimate, estimate_over, seed_means
from benchmarks.statistics.calibration import SCORES, Scores

NAMED = {scores.name: scores for scores in SCORES}
SAMPLES = 200


def held(scores: Scores, seeds: int) -> float:
    """How often the interval holds the true mean."""
    rng = np.random.default_rng(seeds)
    truth = np.mean([task.mean() for task in scores.draw(np.random.default_rng(0), 200_000)])
    found = [estimate_over(scores.draw(rng, seeds), scores.bounds) for _ in range(SAMPLES)]
    return float(np.mean([e.low is not None and e.low <= truth <= e.high for e in found]))


def test_known_mean_and_standard_error():
    found = estimate([1.0, 2.0, 3.0, 4.0])
    assert found.mean == 2.5
    assert found.standard_error == pytest.approx(np.sqrt(5 / 3 / 4))
    assert found.count == 4
    assert found.low < 2.5 < found.high


def test_interval_agrees_with_the_normal_approximation_for_many_values():
    values = np.random.default_rng(1).normal(3, 2, size=2000)
    found = estimate(values.tolist())
    assert found.low == pytest.approx(found.mean - 1.96 * found.standard_error, abs=0.01)
    assert found.high == pytest.approx(found.mean + 1.96 * found.standard_error, abs=0.01)


@pytest.mark.parametrize("seeds", [5, 10, 30])
@pytest.mark.parametrize(
    ("name", "least"),
    [("normal", 0.92), ("exponential", 0.88), ("steps of 1/22", 0.92), ("solved, 30%", 0.88)],
)
def test_intervals_hold_the_truth_about_as_often_as_they_say(name, least, seeds):
    assert least <= held(NAMED[name], seeds) <= 0.995


@pytest.mark.parametrize("name", ["8 tasks, unlike", "8 tasks, even", "8 pairs, 30% to 50%"])
def test_so_do_those_over_several_tasks(name):
    assert held(NAMED[name], 5) >= 0.9


def test_few_values_of_a_skewed_kind_give_a_skewed_interval():
    found = estimate([0.1, 0.1, 0.2, 0.3, 3.0])
    assert found.high - found.mean > 2 * (found.mean - found.low)


def test_what_is_always_solved_may_still_fail():
    found = estimate([1.0] * 5, SHARE)
    # Wilson (1927): n / (n + z^2)
    assert (found.low, found.high) == (pytest.approx(5 / (5 + 1.96**2), abs=1e-3), 1.0)
    assert estimate([0.0] * 100, SHARE).high < 0.04


def test_tasks_that_are_all_solved_or_never_are_not_certain():
    found = estimate_over([[1.0] * 5, [0.0] * 5], SHARE)
    # Clopper & Pearson: 1 - 0.025 ** (1 / 5) from each end, added as squares
    assert found.low == pytest.approx(0.5 - (1 - 0.025**0.2) / 2)
    assert found.high == pytest.approx(0.5 + (1 - 0.025**0.2) / 2)


def test_pairs_that_are_all_won_or_all_alike_are_not_certain():
    won = estimate([1.0] * 5, CHANGE)
    assert won.low < 1 == won.high
    alike = estimate([0.0] * 5, CHANGE)
    assert alike.low == -alike.high < 0


def test_values_that_are_all_alike_do_not_tell_how_they_vary():
    found = estimate([0.5] * 7, SHARE)
    assert (found.mean, found.standard_error, found.low, found.high) == (0.5, 0.0, None, None)
    tenth = estimate([0.1] * 3)  # its mean is not 0.1 in binary
    assert (tenth.standard_error, tenth.low) == (0.0, None)


def test_degenerate_cases():
    assert estimate([]) is None
    assert estimate_over([[], []]) is None
    single = estimate([0.3])
    assert (single.mean, single.standard_error, single.low, single.count) == (0.3, None, None, 1)
    one = estimate_over([[1.0, 2.0], [4.0]])
    assert (one.mean, one.standard_error, one.low, one.count) == (2.75, None, None, 3)


def test_every_task_counts_the_same():
    found = estimate_over([[0.0, 0.2], [0.6, 0.8, 1.0, 0.8], []])
    assert found.mean == pytest.approx((0.1 + 0.8) / 2)
    errors = [0.02 / 2, 0.08 / 3 / 4]
    assert found.standard_error == pytest.approx(math.sqrt(sum(errors)) / 2)


@given(
    values=st.lists(st.integers(0, 22), min_size=2, max_size=12),
    scale=st.floats(0.01, 1000),
    shift=st.floats(-1000, 1000),
)
def test_the_interval_moves_with_the_values(values, scale, shift):
    one = estimate([float(value) for value in values])
    two = estimate([shift + scale * value for value in values])
    assert two.mean == pytest.approx(shift + scale * one.mean, rel=1e-6, abs=1e-6)
    if one.low is None:
        assert len(set(values)) == 1
    elif scale > 0.1:
        assert two.low == pytest.approx(shift + scale * one.low, rel=1e-4, abs=1e-4)
        assert two.high == pytest.approx(shift + scale * one.high, rel=1e-4, abs=1e-4)


@given(st.lists(st.lists(st.floats(0, 1), min_size=2, max_size=6), min_size=1, max_size=4))
def test_the_interval_of_shares_holds_their_mean_and_is_a_share(groups):
    found = estimate_over(groups, SHARE)
    assert found == estimate_over(groups, SHARE), "the same values give the same interval"
    if found.low is not None:
        assert 0 <= found.low <= found.mean + 1e-12
        assert found.mean - 1e-12 <= found.high <= 1


def test_seed_means_leave_out_seeds_without_a_value():
    assert seed_means({1: [0.0, 1.0], 2: [], 3: [0.25]}) == {1: 0.5, 3: 0.25}
