"""What a selector is: it scores answers, and says why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from training.proficiency.turn import Turn


class SelectorError(ValueError):
    """A selector that cannot be had, or that failed; the message tells why."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a selector says of an answer.

    Attributes:
        score: How good it is; only its order counts, and whether it reaches the least score.
        reasons: Why, each in a few words.
        veto: Why it must not be learnt, whatever its score; empty where it may.
    """

    score: float
    reasons: tuple[str, ...] = ()
    veto: str = ""


class Selector(Protocol):
    """Scores answers. It has no state: the same answers get the same verdicts."""

    def judge(self, turns: Sequence[Turn]) -> Sequence[Verdict]:
        """Judges answers of one episode.

        Args:
            turns: The answers, in their order.

        Returns:
            A verdict for each.

        Raises:
            SelectorError: It failed.
        """
