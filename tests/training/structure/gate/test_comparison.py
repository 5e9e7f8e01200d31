from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.structure.gate.comparison import chance_of_better, chance_of_worse, compare

STEPS = st.lists(
    st.tuples(st.integers(0, 22), st.integers(0, 22)).map(
        lambda pair: (pair[0] / 22, pair[1] / 22)
    ),
    min_size=1,
    max_size=9,
)


@given(STEPS)
def test_the_chance_is_the_share_of_signs_that_give_as_much(pairs: list[tuple[float, float]]):
    differences = [round(22 * (after - before)) for before, after in pairs]
    seen = sum(differences)
    sums = [
        sum(sign * by for sign, by in zip(signs, differences, strict=True))
        for signs in product((-1, 1), repeat=len(pairs))
    ]
    exact = sum(found >= seen for found in sums) / len(sums)
    assert chance_of_better(pairs) == pytest.approx(exact if seen > 0 else 1.0)
    assert chance_of_worse([(after, before) for before, after in pairs]) == chance_of_better(pairs)
    assert compare(pairs).difference == pytest.approx(seen / 22 / len(pairs))
    assert (compare(pairs).z > 0) == (seen > 0)
    assert compare(pairs).equal == differences.count(0)


def test_rounding_is_no_rise():
    found = compare([(0.3, 0.1), (0.1, 0.2), (0.0, 0.1)])
    assert found.difference == 0
    assert found.z == 0
    assert chance_of_better([(0.3, 0.1), (0.1, 0.2), (0.0, 0.1)]) == 1


def test_many_seeds_have_a_chance_too_small_for_any_level_but_not_zero():
    assert 0 < chance_of_better([(0.0, 0.1)] * 160) < 1e-5
