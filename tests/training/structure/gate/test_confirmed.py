from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.structure.gate import Confirmed, Decision, Keep, Pair, Play, TurnDown

BETTER, SAME, WORSE = (0.25, 0.5), (0.5, 0.5), (0.5, 0.25)
#: Scores as the games have them: solved or not, steps of 1/22, a few levels of which most are low.
SCORES = st.sampled_from([0.0, 1.0, 3 / 22, 4 / 22, 11 / 22, 0.021, 0.035])
PAIRS = st.tuples(SCORES, SCORES)


def decided(
    gate: Confirmed, screening: list[Pair], confirmation: list[Pair], history: tuple[bool, ...] = ()
) -> tuple[Decision, list[Play]]:
    """Plays what the gate asks for until it decides."""
    asked: list[Play] = []
    played: dict[str, list[Pair]] = {"screening": [], "confirmation": []}
    pairs = {"screening": screening, "confirmation": confirmation}
    while True:
        found = gate.decide(history, played["screening"], played["confirmation"])
        if not isinstance(found, Play):
            return found, asked
        assert len(played[found.stage]) < found.seeds
        played[found.stage] = pairs[found.stage][: found.seeds]
        asked.append(found)


def many(pair: Pair) -> list[Pair]:
    return [pair] * 160


def test_a_better_revision_is_kept_after_the_first_look():
    found, asked = decided(Confirmed(), many(BETTER), many(BETTER))
    assert isinstance(found, Keep)
    assert asked == [
        Play("screening", 4),
        Play("screening", 8),
        Play("screening", 12),
        Play("confirmation", 20),
    ]
    assert "0.250 before and 0.500 after (+0.250, mean of 20 seeds)" in found.reason
    assert found.details["difference"] == 0.25
    assert found.details["p"] == 2.0**-20


def test_a_worse_revision_costs_one_block():
    found, asked = decided(Confirmed(), many(WORSE), [])
    assert isinstance(found, TurnDown)
    assert asked == [Play("screening", 4)]
    assert "clearly worse" in found.reason
    assert "-0.250" in found.reason


def test_a_revision_that_changes_nothing_is_turned_down_at_screening():
    found, asked = decided(Confirmed(), many(SAME), [])
    assert isinstance(found, TurnDown)
    assert asked[-1] == Play("screening", 12)
    assert "every seed scored the same" in found.reason


def test_one_seed_that_went_better_is_not_enough_to_be_confirmed():
    found, _ = decided(Confirmed(), [BETTER, *many(SAME)], [])
    assert isinstance(found, TurnDown)
    assert "chance alone does that in 50.0% of cases" in found.reason


@pytest.mark.parametrize(
    ("fresh", "seeds", "said"),
    [
        (many(WORSE), 20, "the mean did not rise"),
        (many(SAME), 20, "the mean did not rise"),
        ([BETTER, *many(SAME)], 20, "with a chance of"),
        ([(0.0, 0.1), (0.0, 0.1), (0.0, 0.1), (0.1, 0.0)] * 40, 40, ""),
    ],
)
def test_luck_at_screening_is_not_confirmed(fresh: list[Pair], seeds: int, said: str):
    found, asked = decided(Confirmed(), many(BETTER), fresh)
    assert asked[-1].stage == "confirmation"
    if said:
        assert isinstance(found, TurnDown)
        assert said in found.reason
    assert asked[-1].seeds >= seeds


def test_without_hope_a_confirmation_plays_on_to_the_last_look():
    fresh = [BETTER, *many(SAME)]
    found, asked = decided(Confirmed(hope=0), many(BETTER), fresh)
    assert isinstance(found, TurnDown)
    assert asked[-1] == Play("confirmation", 160)


def test_what_a_kept_revision_was_tested_at_goes_on_to_the_next():
    gate = Confirmed(alpha=0.05, decay=0.8)
    levels = [
        decided(gate, many(BETTER), many(BETTER), history)[0].details["search_level"]
        for history in ((), (False,), (True,), (True, False))
    ]
    assert levels == pytest.approx([0.01, 0.008, 0.018, 0.0064])


@given(
    st.lists(PAIRS, min_size=12, max_size=12),
    st.lists(PAIRS, min_size=24, max_size=24),
    st.lists(st.booleans(), max_size=8),
)
def test_scores_beyond_those_asked_for_change_nothing(
    screening: list[Pair], fresh: list[Pair], history: list[bool]
):
    gate = Confirmed(looks=(8, 16, 24), alpha=0.2)
    found, _ = decided(gate, screening, fresh, tuple(history))
    assert gate.decide(history, screening, fresh) == found
    if isinstance(found, Keep):
        assert found.details["difference"] > 0
        assert found.details["p"] <= found.details["level"]
        # What the screening was does not matter, once it was passed.
        assert gate.decide(history, many(BETTER), fresh) == found


@pytest.mark.parametrize("sizes", ["steps", "solved", "rare"])
@pytest.mark.parametrize("hope", [0, 0.1])
def test_of_all_signs_no_more_are_kept_than_the_level_says(sizes: str, hope: float):
    gate = Confirmed(alpha=0.6, looks=(5, 8, 11), hope=hope)
    rng = np.random.default_rng(5)
    size = {
        "steps": rng.integers(1, 7, 11) / 22,
        "solved": np.ones(11),
        "rare": np.where(rng.random(11) < 0.6, 0, rng.choice([0.02, 0.035, 0.1], 11)),
    }[sizes]
    for history in ((), (True,), (False, False)):
        kept = 0
        for signs in product((-1, 1), repeat=11):
            fresh = [(0.0, sign * float(by)) for sign, by in zip(signs, size, strict=True)]
            found = gate.decide(history, many(BETTER), fresh)
            kept += isinstance(found, Keep)
        level = found.details["search_level"]
        assert kept <= level * 2**11
        if sizes != "rare" and level > 0.1:
            assert kept > 0


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        ({"alpha": 0.0}, "alpha is a number between 0 and 1"),
        ({"decay": 1.0}, "decay is a number between 0 and 1"),
        ({"passing": 2.0}, "passing is a number between 0 and 1"),
        ({"hope": 1.0}, "hope is a chance"),
        ({"blocks": ()}, "blocks are rising numbers"),
        ({"looks": (40, 20)}, "looks are rising numbers"),
        ({"looks": (0, 20)}, "looks are rising numbers"),
        ({"blocks": (1,)}, "screen on 2 seeds at least"),
        ({"looks": (3, 6)}, "confirm on more seeds"),
    ],
)
def test_parameters_that_make_no_sense_are_errors(parameters: dict[str, object], said: str):
    with pytest.raises(ValueError, match=said):
        Confirmed(**parameters)


def test_a_score_that_is_no_number_is_an_error():
    with pytest.raises(ValueError, match="seed number 1 are"):
        Confirmed().decide((), [SAME, (0.5, float("nan")), SAME, SAME], ())
