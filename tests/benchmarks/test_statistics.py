import numpy as np
import pytest

from benchmarks.statistics import estimate, paired_difference


def test_known_mean_and_standard_error():
    found = estimate([1.0, 2.0, 3.0, 4.0])
    assert found.mean == 2.5
    assert found.standard_error == pytest.approx(np.sqrt(5 / 3 / 4))
    assert found.count == 4
    assert 1 <= found.low < 2.5 < found.high <= 4


def test_interval_agrees_with_the_normal_approximation_for_many_values():
    values = np.random.default_rng(1).normal(3, 2, size=2000)
    found = estimate(values.tolist())
    assert found.low == pytest.approx(found.mean - 1.96 * found.standard_error, abs=0.01)
    assert found.high == pytest.approx(found.mean + 1.96 * found.standard_error, abs=0.01)


def test_interval_covers_the_truth_about_as_often_as_it_says():
    rng = np.random.default_rng(2)
    found = [estimate(rng.exponential(1, size=30).tolist()) for _ in range(200)]
    assert 0.87 < np.mean([e.low <= 1 <= e.high for e in found]) < 0.98


def test_same_values_give_the_same_interval():
    assert estimate([0.0, 0.5, 1.0]) == estimate([0.0, 0.5, 1.0])


def test_degenerate_cases():
    assert estimate([]) is None
    single = estimate([0.3])
    assert (single.mean, single.standard_error, single.low, single.count) == (0.3, None, None, 1)
    constant = estimate([0.5] * 7)
    assert (constant.standard_error, constant.low, constant.high) == (0.0, 0.5, 0.5)


def test_paired_difference_is_over_common_seeds_and_averages_repeats():
    first = {1: [0.0], 2: [0.2, 0.4], 3: [1.0]}
    second = {1: [0.5], 2: [0.8], 4: [0.0]}
    found = paired_difference(first, second)
    assert found.count == 2
    assert found.mean == pytest.approx(0.5)
    assert found.standard_error == pytest.approx(0.0)


def test_pairing_takes_out_what_the_seeds_do():
    rng = np.random.default_rng(3)
    level = {seed: rng.uniform() for seed in range(20)}
    first = {seed: [value] for seed, value in level.items()}
    second = {seed: [value + 0.1 + rng.normal(0, 0.01)] for seed, value in level.items()}
    found = paired_difference(first, second)
    assert 0.09 < found.low < found.high < 0.11


def test_no_common_seed():
    assert paired_difference({1: [0.0]}, {2: [0.0]}) is None
    assert paired_difference({1: []}, {1: [0.0]}) is None
