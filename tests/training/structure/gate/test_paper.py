from __future__ import annotations

import pytest

from training.structure.gate import Keep, Paper, Play, TurnDown


def test_it_keeps_what_rose_at_all():
    gate = Paper()
    assert gate.decide((), [], ()) == Play("screening", 10)
    assert gate.decide((), [(0.0, 1.0)] * 9, ()) == Play("screening", 10)
    kept = gate.decide((), [(0.5, 0.5)] * 9 + [(0.5, 0.6)], ())
    assert isinstance(kept, Keep)
    assert "0.500 before and 0.510 after" in kept.reason
    assert kept.details["difference"] == pytest.approx(0.01)


@pytest.mark.parametrize("last", [(0.5, 0.5), (0.5, 0.4)])
def test_it_turns_down_what_did_not_rise(last: tuple[float, float]):
    found = Paper().decide((), [(0.5, 0.5)] * 9 + [last], ())
    assert isinstance(found, TurnDown)
    assert "did not rise" in found.reason


def test_it_needs_seeds():
    with pytest.raises(ValueError, match="1 screening seed at least"):
        Paper(screening=0)
