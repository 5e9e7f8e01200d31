from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.structure.gate.fallback import fallback_level

ALPHA = 0.05


def test_the_levels_of_a_search_that_finds_nothing_sum_to_less_than_alpha():
    levels = [fallback_level([False] * number, ALPHA, 0.8) for number in range(200)]
    assert levels[:3] == pytest.approx([0.01, 0.008, 0.0064])
    assert sum(levels) == pytest.approx(ALPHA)


def test_a_rejected_hypothesis_hands_its_level_on_once():
    assert fallback_level([True], ALPHA, 0.8) == pytest.approx(0.01 + 0.008)
    assert fallback_level([True, True], ALPHA, 0.8) == pytest.approx(0.01 + 0.008 + 0.0064)
    assert fallback_level([True, False], ALPHA, 0.8) == pytest.approx(0.0064)


@given(st.lists(st.booleans(), max_size=40), st.floats(0.05, 0.95))
def test_until_one_is_rejected_the_true_hypotheses_have_at_most_alpha_together(
    useful: list[bool], decay: float
):
    # The useful ones are rejected, at worst all of them; of the others none has been yet.
    spent = sum(
        fallback_level(useful[:number], ALPHA, decay)
        for number, is_useful in enumerate(useful)
        if not is_useful
    )
    assert spent <= ALPHA + 1e-12
