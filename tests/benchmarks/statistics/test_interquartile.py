from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import trim_mean

from benchmarks.statistics import interquartile_mean
from benchmarks.statistics.calibration import SCORES, interquartile_of


@given(st.lists(st.lists(st.floats(-1e3, 1e3), min_size=1, max_size=9), min_size=1, max_size=5))
def test_it_is_the_trimmed_mean_of_all_scores_of_all_tasks(tasks):
    found = interquartile_mean(tasks)
    assert found.mean == pytest.approx(trim_mean(np.concatenate(tasks), 0.25), abs=1e-9)
    assert found.count == sum(map(len, tasks))
    assert (found.low is None) == (min(map(len, tasks)) == 1)


def test_one_outlier_does_not_move_it():
    scores = [0.1, 0.2, 0.3, 0.4, 0.5]
    assert interquartile_mean([[*scores[:-1], 99.0]]).mean == interquartile_mean([scores]).mean


def test_it_resamples_within_each_task():
    # Over both tasks together scores would vary; within each they do not.
    found = interquartile_mean([[0.0] * 4, [1.0] * 4])
    assert (found.mean, found.low, found.high, found.standard_error) == (0.5, 0.5, 0.5, 0.0)


@pytest.mark.parametrize("seeds", [5, 10, 30])
@pytest.mark.parametrize("name", ["normal", "exponential", "steps of 1/22", "solved, 50%"])
def test_intervals_hold_the_truth_about_as_often_as_they_say(name, seeds):
    scores = next(scores for scores in SCORES if scores.name == name)
    rng = np.random.default_rng(seeds)
    many = np.concatenate(scores.draw(np.random.default_rng(0), 400_000))
    truth = interquartile_of(many)
    found = [interquartile_mean(scores.draw(rng, seeds)) for _ in range(200)]
    held = np.mean([e.low - 2e-3 <= truth <= e.high + 2e-3 for e in found])
    assert 0.88 <= held <= 0.995


def test_no_scores():
    assert interquartile_mean([]) is None
    assert interquartile_mean([[]]) is None
    assert interquartile_mean([[0.2]]).mean == 0.2
