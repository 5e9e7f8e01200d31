from __future__ import annotations

import numpy as np
import pytest

from training.structure.gate import Confirmed, Paper
from training.structure.gate import search as module
from training.structure.gate.noise import SUITE, noises
from training.structure.gate.search import search

NOISES = noises()


@pytest.mark.parametrize("name", NOISES)
def test_at_most_one_search_in_twenty_keeps_a_useless_revision(name: str):
    found = search(Confirmed(), NOISES[name], 300, 30)
    assert (found.useless > 0).mean() <= 0.05


def test_without_the_allocation_more_would(monkeypatch: pytest.MonkeyPatch):
    """So the test above fails if each confirmation had the error of the whole search."""
    monkeypatch.setattr(module, "fallback_level", lambda history, alpha, decay: alpha)
    found = search(Confirmed(), NOISES[SUITE], 300, 30)
    assert (found.useless > 0).mean() > 0.08


def test_the_papers_rule_keeps_a_record_each_time():
    found = search(Paper(), NOISES[SUITE], 300, 30)
    assert (found.useless > 0).mean() > 0.9
    assert found.useless.mean() == pytest.approx(sum(1 / n for n in range(2, 32)), abs=0.3)
    assert set(found.plays) == {310}


def test_a_useful_revision_is_found_wherever_it_comes():
    found = search(Confirmed(), NOISES[SUITE], 200, 10, effect=1.0)
    assert found.useful.mean() > 0.95
    assert set(found.position) == set(range(10))
    none = search(Confirmed(), NOISES[SUITE], 200, 10)
    assert not none.useful.any()
    assert (found.confirmations >= found.useful).all()


def test_the_same_seed_gives_the_same_searches():
    one, two = (search(Confirmed(), NOISES[SUITE], 20, 5, seed=7) for _ in range(2))
    assert np.array_equal(one.plays, two.plays)
