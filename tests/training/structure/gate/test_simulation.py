from __future__ import annotations

import pytest

from training.structure.gate.simulation import lines


def test_it_prints_a_row_for_each_gate_and_improvement():
    found = list(lines(20, 6, ["Corridor-R3"]))
    assert sum("| confirmed |" in line for line in found) == 4
    assert sum("| paper |" in line for line in found) == 4
    tables = " ".join(found)
    assert "nan" not in tables


def test_an_unknown_noise_is_an_error():
    with pytest.raises(ValueError, match="Did you mean 'suite'"):
        list(lines(20, 6, ["suit"]))
