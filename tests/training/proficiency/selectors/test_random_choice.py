"""The control that chooses at random."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from training.proficiency.selectors.random_choice import RandomChoice
from training.proficiency.turn import Turn

TURN = Turn("Env/1/0", "Env", 1, 1, 0, 0, "log", "agent", "log 1", "text")
TURNS = [replace(TURN, turn=turn, call=call) for turn in range(1, 30) for call in (0, 1)]


@given(st.lists(st.sampled_from(TURNS), max_size=8), st.integers(0, 99))
def test_an_answer_has_its_number_whichever_stand_beside_it(turns, seed):
    alone = [RandomChoice(seed).judge([turn])[0] for turn in turns]
    assert RandomChoice(seed).judge(turns) == alone


def test_numbers_differ_by_place_and_seed_and_none_is_ruled_out():
    one, other = RandomChoice(1).judge(TURNS), RandomChoice(2).judge(TURNS)
    scores = [it.score for it in one + other]
    assert len(set(scores)) == len(scores)
    assert all(1 <= score < 2 for score in scores)
    assert not any(it.veto for it in one)
    assert 1.3 < sum(scores) / len(scores) < 1.7
