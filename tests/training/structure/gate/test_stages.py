from __future__ import annotations

import numpy as np

from training.structure.gate import Confirmed, Decision, Keep, Play
from training.structure.gate.stages import confirmed, screened

# So few seeds that both try all signs.
GATE = Confirmed(looks=(6, 9, 12))


def end(screening: list[float], fresh: list[float]) -> tuple[Decision, Play]:
    """What the gate itself decides on some differences, and the last that it asked for."""
    seeds = {"screening": 0, "confirmation": 0}
    asked = Play("screening", 0)
    while True:
        found = GATE.decide(
            (),
            [(0.0, by) for by in screening[: seeds["screening"]]],
            [(0.0, by) for by in fresh[: seeds["confirmation"]]],
        )
        if not isinstance(found, Play):
            return found, asked
        asked = found
        seeds[asked.stage] = asked.seeds


def test_screening_many_decides_as_the_gate_does():
    rng = np.random.default_rng(0)
    data = rng.integers(-3, 4, (150, 12)) / 22
    passed, played = screened(GATE, data)
    assert 0 < passed.sum() < 150
    for row, is_passed, seeds in zip(data.tolist(), passed, played, strict=True):
        _, asked = end(row, [0.0] * 12)
        assert (asked.stage == "confirmation") == is_passed
        assert is_passed or asked.seeds == seeds


def test_confirming_many_decides_as_the_gate_does():
    rng = np.random.default_rng(1)
    data = rng.integers(-2, 9, (60, 12)) / 22
    kept, played = confirmed(GATE, data, np.full(60, GATE.alpha * (1 - GATE.decay)))
    assert 0 < kept.sum() < 60
    for row, is_kept, seeds in zip(data.tolist(), kept, played, strict=True):
        found, asked = end([0.1] * 12, row)
        assert isinstance(found, Keep) == is_kept
        assert asked.seeds == seeds
