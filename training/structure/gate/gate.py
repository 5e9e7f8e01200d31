"""What a gate is: it decides which revisions are kept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from training.structure.gate.decision import Decision

#: What the parent and the revision scored on a seed: the means over the environments of the suite.
Pair = tuple[float, float]


class Gate(Protocol):
    """Decides on a revision from what it and its parent scored; plays nothing itself.

    A gate has no state and no randomness of its own: the same scores give the same decision, so a
    search that was interrupted goes on from what it has recorded.
    """

    @property
    def name(self) -> str:
        """What it is called."""

    @property
    def screening(self) -> int:
        """Most screening seeds that it asks for."""

    @property
    def confirmation(self) -> int:
        """Most confirmation seeds that it asks for, for one revision; 0 where it has no such."""

    def decide(
        self, history: Sequence[bool], screening: Sequence[Pair], confirmation: Sequence[Pair]
    ) -> Decision:
        """Decides on a revision; asked again after each :class:`Play` was played.

        Args:
            history: Whether earlier revisions of this search were kept, of those that came to a
                confirmation, oldest first. One that was turned down at screening is not in it.
            screening: Scores on the screening seeds played so far, in the seeds' order. These
                seeds are the same for all revisions.
            confirmation: Scores on the confirmation seeds played so far. These seeds are fresh:
                neither side has played them before, and no decision has seen them.

        Raises:
            ValueError: A score is not a number.
        """
