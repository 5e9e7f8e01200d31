from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.statistics import paired_difference
from benchmarks.statistics.calibration import positives
from benchmarks.statistics.sign_flips import EXACT, sign_flip_p


def test_it_is_over_common_seeds_and_averages_repeats():
    first = {1: [0.0], 2: [0.2, 0.4], 3: [1.0]}
    second = {1: [0.5], 2: [0.8], 4: [0.0]}
    found = paired_difference([(first, second)])
    assert found.estimate.count == 2
    assert found.estimate.mean == pytest.approx(0.5)
    assert found.estimate.standard_error == pytest.approx(0.0)
    assert (found.first, found.second) == (pytest.approx(0.15), pytest.approx(0.65))
    assert found.p_value == 0.5


def test_pairing_takes_out_what_the_seeds_do():
    rng = np.random.default_rng(3)
    level = {seed: rng.uniform() for seed in range(20)}
    first = {seed: [value] for seed, value in level.items()}
    second = {seed: [value + 0.1 + rng.normal(0, 0.01)] for seed, value in level.items()}
    found = paired_difference([(first, second)])
    assert 0.09 < found.estimate.low < found.estimate.high < 0.11
    assert found.p_value == pytest.approx(2 / 2**20)


def test_every_task_counts_the_same():
    small = ({1: [0.0], 2: [0.0]}, {1: [1.0], 2: [1.0]})
    large = ({seed: [0.0] for seed in range(8)}, {seed: [0.0] for seed in range(8)})
    assert paired_difference([small, large]).estimate.mean == 0.5


def test_a_task_that_only_one_run_played_is_left_out():
    both = ({1: [0.0], 2: [0.5]}, {1: [0.4], 2: [0.9]})
    found = paired_difference([both, ({1: [0.0]}, {}), ({}, {1: [1.0]})])
    assert found == paired_difference([both])


def test_no_common_seed():
    assert paired_difference([({1: [0.0]}, {2: [0.0]})]) is None
    assert paired_difference([({1: []}, {1: [0.0]})]) is None
    assert paired_difference([]) is None


@given(st.lists(st.integers(-3, 3).map(lambda n: n / 10), min_size=1, max_size=8))
def test_the_p_value_is_the_share_of_all_signs_that_go_as_far(differences):
    sums = [
        abs(sum(sign * value for sign, value in zip(signs, differences, strict=True)))
        for signs in product((1, -1), repeat=len(differences))
    ]
    expected = np.mean([total >= abs(sum(differences)) - 1e-9 for total in sums])
    assert sign_flip_p(differences) == expected


def test_five_seeds_cannot_say_that_it_was_no_chance():
    assert sign_flip_p([0.3] * 5) == 2 / 2**5
    assert sign_flip_p([0.0] * 5) == 1
    assert sign_flip_p([]) is None


def test_more_differences_than_can_be_tried_are_drawn():
    rng = np.random.default_rng(1)
    values = rng.normal(0.25, 1, EXACT + 1)
    drawn = sign_flip_p(values.tolist())
    smaller = np.sort(np.abs(values))[1:] * np.sign(values[np.argsort(np.abs(values))][1:])
    assert drawn == pytest.approx(sign_flip_p(smaller.tolist()), abs=0.05)
    assert drawn == sign_flip_p(values.tolist()), "the same differences give the same p-value"
    assert sign_flip_p([1.0] * 60) == pytest.approx(1e-5, rel=0.01), "it is never 0"


def test_the_test_says_as_often_as_it_may_what_is_not_so():
    assert positives(0.0, 0.1, seeds=10, samples=400) <= 0.075
    # With five seeds no p-value is below 0.05.
    assert positives(2.0, 0.1, seeds=5, samples=20) == 0


def test_the_test_finds_what_is_there():
    assert positives(0.1, 0.1, seeds=10, samples=200) > 0.5
    assert positives(0.2, 0.1, seeds=10, samples=100) > 0.9
