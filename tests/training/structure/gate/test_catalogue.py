from __future__ import annotations

import pytest

from training.structure.gate import DEFAULT, GATES, Gate, gate_of


@pytest.mark.parametrize("name", GATES)
def test_every_gate_is_found_by_name(name: str):
    gate: Gate = gate_of(name)
    assert gate.name == name
    assert gate.screening > 0
    assert gate.confirmation >= 0


def test_the_default_confirms():
    assert DEFAULT == "confirmed"
    assert gate_of(looks=(20, 40)).confirmation == 40


def test_unknown_names_are_errors_that_help():
    with pytest.raises(ValueError, match="Did you mean 'confirmed'"):
        gate_of("confirm")
    with pytest.raises(ValueError, match="Did you mean 'alpha'"):
        gate_of("confirmed", alfa=0.1)
    with pytest.raises(ValueError, match="Unknown parameter of the gate paper 'looks'"):
        gate_of("paper", looks=(3,))
