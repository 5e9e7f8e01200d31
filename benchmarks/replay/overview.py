"""An episode at a glance: what the timeline and the jumps need of all of its turns."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

from benchmarks.replay.mark import Mark
from benchmarks.replay.runs import runs
from benchmarks.trace import Turn

#: Digits after the point of a progression or a reward.
_DIGITS = 6


class Overview:
    """Collects a few numbers a turn."""

    def __init__(self) -> None:
        self._steps = [0]
        self._rewards: list[float | None] = []
        self._progressions: list[float | None] = []
        self._marks: list[int] = []

    def add(self, turn: Turn) -> None:
        """Adds the next turn."""
        self._steps.append(turn.info.get("game_step", turn.turn))
        self._rewards.append(_number(turn.reward))
        self._progressions.append(_number(turn.info.get("progression")))
        self._marks.append(int(Mark.of(turn)))

    @property
    def turns(self) -> int:
        """Turns so far."""
        return len(self._marks)

    @property
    def game_steps(self) -> int:
        """The last game step."""
        return self._steps[-1]

    def data(self) -> dict[str, Any]:
        """Lists over the turns, as :func:`benchmarks.replay.runs.runs` of them.

        ``steps`` holds by how many game steps each turn went on, ``rewards`` and ``progressions``
        numbers or null, ``marks`` sums of :class:`Mark`.
        """
        return {
            "steps": runs(after - before for before, after in pairwise(self._steps)),
            "rewards": runs(self._rewards),
            "progressions": runs(self._progressions),
            "marks": runs(self._marks),
        }


def _number(value: float | None) -> float | None:
    """The number as JSON can hold it: short, and nothing where it is infinite or none."""
    if value is None or not math.isfinite(value):
        return None
    short = round(value, _DIGITS)
    return int(short) if short == int(short) else short
