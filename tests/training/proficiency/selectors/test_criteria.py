"""The criteria of the default selector, one by one and weighed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from training.proficiency.selectors import SelectorError, Verdict
from training.proficiency.selectors.criteria import CRITERIA, CriteriaSelector
from training.proficiency.turn import Command, Outcome, Turn

TURN = Turn("Env/1/0", "Env", 1, 1, 0, 0, "log", "agent", "log 1", "text", outcome=Outcome(rank=0))
WRITE = Command("APPEND", "a.md", "x", mutates=True, done=True, lines=("x",))
HELD = replace(WRITE, held=True)
LOOK = Command("SEARCH", "a.md", "x", done=True, lines=("x",))
COUNT = Command("COUNT", "a.md", "x", done=True, result="2 matches")


def turn(*commands: Command, **changes) -> Turn:
    return replace(TURN, commands=commands, **changes)


@pytest.mark.parametrize(
    ("name", "judged", "value"),
    [
        ("cut_off", turn(), 0),
        ("cut_off", turn(stop_reason="length"), 1),
        ("cut_off", turn(stop_reason="refusal"), 1),
        ("malformed", turn(), 0),
        ("malformed", turn(malformed=2), 1),
        ("turned_down", turn(WRITE), 0),
        ("turned_down", turn(WRITE, rejected=("no",)), 1),
        ("turned_down", turn(WRITE, replace(LOOK, done=False)), 1),
        ("acts_in_log", turn(), 0),
        ("acts_in_log", turn(action="east"), 1),
        ("acts_in_log", turn(action="east", routine="plan"), 0),
        ("redundant", turn(WRITE), 0),
        ("redundant", turn(WRITE, replace(WRITE, redundant=True)), 1),
        ("blind_write", turn(LOOK, WRITE), None),
        (
            "blind_write",
            turn(replace(WRITE, held=True), replace(WRITE, held=True, looked=True)),
            0.5,
        ),
        ("consulted_first", turn(WRITE), None),
        ("consulted_first", turn(replace(HELD, looked=True)), 1),
        ("read_later", turn(LOOK), None),
        ("read_later", turn(WRITE, replace(WRITE, read_after=0)), 0.5),
        ("found", turn(WRITE), None),
        ("found", turn(LOOK, replace(LOOK, lines=()), COUNT), 2 / 3),
        ("found", turn(replace(COUNT, result="no line holds 'x'")), 0),
        ("asked_again", turn(), None),
        ("asked_again", turn(LOOK, replace(LOOK, known=True)), 0.5),
        ("named", turn(WRITE), None),
        ("named", turn(LOOK), 0),
        ("named", turn(LOOK, outcome=Outcome(named=True)), 1),
        ("moved", turn(), None),
        ("moved", turn(outcome=Outcome(moved=False)), 0),
        ("moved", turn(outcome=Outcome(moved=True)), 1),
        ("gain", turn(), 0),
        ("gain", turn(outcome=Outcome(gain=0.1)), 1),
        ("rank", turn(outcome=Outcome(rank=0.75)), 0.75),
    ],
)
def test_each_criterion(name, judged, value):
    assert CRITERIA[name](judged) == (value if value is None else pytest.approx(value))


def test_every_criterion_of_the_table_has_a_function_and_the_other_way_round():
    vetoes = {"cut_off", "malformed", "turned_down", "acts_in_log", "redundant"}
    CriteriaSelector(**dict.fromkeys(CRITERIA.keys() - vetoes, 1.0))


def test_a_veto_rules_out_whatever_else_is_good():
    good = turn(replace(WRITE, read_after=1), outcome=Outcome(gain=1, rank=1))
    kept, out = CriteriaSelector().judge([good, replace(good, malformed=1)])
    assert kept.score > 1
    assert not kept.veto
    assert out == Verdict(0.0, (), "a block is no command")


def test_weights_add_up_and_reasons_tell_what_applied():
    judged = turn(replace(WRITE, read_after=1), LOOK)
    (plain,) = CriteriaSelector().judge([judged])
    (weighed,) = CriteriaSelector(read_later=3.0, found=0).judge([judged])
    assert (plain.score, weighed.score) == (1.5, 3.0)
    assert "a line that was written was found by a later lookup" in plain.reasons
    assert CriteriaSelector().judge([]) == []


@pytest.mark.parametrize(
    ("weights", "told"),
    [
        ({"read_latre": 1}, "no criterion 'read_latre' to be weighed. Did you mean 'read_later'"),
        ({"redundant": 1}, "no criterion 'redundant' to be weighed"),
        ({"gain": "much"}, "the weight of gain is a finite number, not 'much'"),
        ({"gain": True}, "not True"),
        ({"gain": float("nan")}, "not nan"),
        ({"gain": 10**400}, "the weight of gain is a finite number"),
    ],
)
def test_weights_that_are_none(weights, told):
    with pytest.raises(SelectorError) as error:
        CriteriaSelector(**weights)
    assert told in str(error.value)
