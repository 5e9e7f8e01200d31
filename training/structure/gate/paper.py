"""The rule of the paper: what looks better is kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from training.structure.gate.comparison import compare
from training.structure.gate.decision import Decision, Keep, Play, TurnDown
from training.structure.gate.gate import Pair


@dataclass(frozen=True, slots=True)
class Paper:
    """Keeps a revision if the mean over the screening seeds rises at all.

    Where scores vary, the best of many useless revisions looks better than the first parent: each
    that sets a new record is kept, which of 30 are 3 on average (``1/2 + ... + 1/31``).

    Attributes:
        screening: How many seeds are played.

    Raises:
        ValueError: There are no seeds.
    """

    name: ClassVar[str] = "paper"
    confirmation: ClassVar[int] = 0
    screening: int = 10

    def __post_init__(self) -> None:
        if self.screening < 1:
            raise ValueError(f"the gate needs 1 screening seed at least, not {self.screening}")

    def decide(
        self, history: Sequence[bool], screening: Sequence[Pair], confirmation: Sequence[Pair]
    ) -> Decision:
        """As :meth:`training.structure.gate.gate.Gate.decide`; there is no confirmation."""
        if len(screening) < self.screening:
            return Play("screening", self.screening)
        found = compare(screening[: self.screening])
        if found.difference > 0:
            return Keep(f"the mean rose: {found}", found.details())
        return TurnDown(f"the mean did not rise: {found}", found.details())
