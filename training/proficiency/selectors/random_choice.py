"""The control: answers are chosen at random, good and bad ones alike."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from training.proficiency.selectors.selector import Verdict
from training.proficiency.turn import Turn


class RandomChoice:
    """Gives random scores, in [1, 2): so that the usual least score keeps them.

    The number of an answer depends on its place and the seed alone, so that it is the same
    whichever answers are judged beside it.

    Args:
        seed: Another seed gives other numbers.
    """

    def __init__(self, seed: int = 0) -> None:
        self._seed = seed

    def judge(self, turns: Sequence[Turn]) -> list[Verdict]:
        """As :meth:`training.proficiency.selectors.Selector.judge`."""
        return [Verdict(self._number(turn), ("chosen at random",)) for turn in turns]

    def _number(self, turn: Turn) -> float:
        place = f"{self._seed} {turn.episode} {turn.turn} {turn.call}"
        drawn = hashlib.sha256(place.encode()).digest()[:8]
        return 1 + int.from_bytes(drawn, "big") / 2**64
