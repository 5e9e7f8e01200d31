from __future__ import annotations

import pytest

from training.structure.gate import Confirmed
from training.structure.gate.simulation import lines, skewed


def test_it_prints_a_row_for_each_gate_and_improvement():
    found = list(lines(20, 6, ["Corridor-R3"]))
    assert sum("| confirmed |" in line for line in found) == 4
    assert sum("| paper |" in line for line in found) == 4
    tables = " ".join(found)
    assert "nan" not in tables


def test_an_unknown_noise_is_an_error():
    with pytest.raises(ValueError, match="Did you mean 'suite'"):
        list(lines(20, 6, ["suit"]))


def test_a_revision_with_rare_great_losses_is_kept_more_often_than_the_level_says():
    even, rare = (skewed(Confirmed(), one_in, 0, 1_000) for one_in in (2, 20))
    assert even <= 0.02
    assert rare > 0.2
