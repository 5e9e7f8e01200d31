"""Steps that led nowhere are counted by their definition."""

from __future__ import annotations

from typing import Any

import pytest

from benchmarks.measures.unproductive import UnproductiveSteps
from benchmarks.trace import Turn


def counted(states: list[str | tuple[str, dict[str, Any]]]) -> dict[str, int]:
    """The counts of an episode: what is seen after each game step, and what else is known."""
    told = [(state, {}) if isinstance(state, str) else state for state in states]
    (first, known), *rest = told
    steps = UnproductiveSteps({"observation": first}, {"game_step": 0, **known})
    for number, (seen, info) in enumerate(rest, 1):
        steps.add(Turn(number, "go", {"observation": seen}, 0.0, {"game_step": number, **info}))
    return steps.counts()


@pytest.mark.parametrize(
    ("states", "stuck", "oscillating"),
    [
        (["a"], 0, 0),
        (["a", "b", "c", "d"], 0, 0),
        (["a", "a", "a", "b"], 2, 0),
        (["a", "b", "a", "b"], 0, 2),
        (["a", "b", "b", "a"], 1, 0),  # what was three steps ago is no oscillation
        (["a", "b", "c", "a"], 0, 0),
    ],
)
def test_the_definition(states: list[str], stuck: int, oscillating: int) -> None:
    assert counted(list(states)) == {"stuck": stuck, "oscillating": oscillating}


def test_a_clock_in_sight_does_not_hide_that_nothing_changed() -> None:
    told = [(f"HP:14 T:{time}", {"game_time": time}) for time in (9, 10, 11)]
    assert counted(list(told))["stuck"] == 2
    changed = [(f"HP:{hp} T:{hp}", {"game_time": 30}) for hp in (9, 10)]
    assert counted(list(changed))["stuck"] == 0


@pytest.mark.parametrize("text", ["{0}", "T:{0}, {0} and ({0})", "{0}\n{0}"])
def test_a_clock_may_stand_anywhere_and_more_than_once(text: str) -> None:
    told = [(text.format(time), {"game_time": time}) for time in (9, 10, 111)]
    assert counted(list(told))["stuck"] == 2


def test_the_digits_of_a_clock_within_another_number_are_none_of_it() -> None:
    # Without the clock wherever its digits stand, each of these would be as the one before.
    told = [(text, {"game_time": 12}) for text in ("a 1", "a 121", "a 112", "a 11212")]
    assert counted(list(told))["stuck"] == 0


def test_a_position_that_changes_is_progress_though_nothing_else_is_seen() -> None:
    assert counted([("dark", {"position": [0, n]}) for n in range(3)])["stuck"] == 0


def test_who_sleeps_wastes_no_step() -> None:
    asleep = ("zzz", {"sleeping": True})
    assert counted([("day", {}), asleep, asleep, asleep, ("zzz", {})]) == {
        "stuck": 0,
        "oscillating": 0,
    }


def test_turns_that_did_not_reach_the_game_are_no_steps() -> None:
    steps = UnproductiveSteps({"observation": "a"}, {"game_step": 0})
    steps.add(Turn(1, "look it up", {"observation": "a"}, 0.0, {"game_step": 0}))
    steps.add(Turn(2, "go", {"observation": "b"}, 0.0, {"game_step": 1}))
    assert steps.counts() == {"stuck": 0, "oscillating": 0}
