"""What an engine is: it proposes the next recipe, from all trials so far."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from training.proficiency.recipe import Recipe
from training.proficiency.trial import Trial


class ProposalFailed(Exception):
    """The engine came to no recipe; the search notes it and goes on."""


@dataclass(frozen=True, slots=True)
class TrialLedger:
    """What an engine may look at.

    Attributes:
        trials: The trials so far, oldest first.
        collection: The run directory of the episodes that are learnt from.
        scaffold: The scaffold's source.
        folder: A folder of the engine's own, for this proposal.
        seed: Seed of what it draws.
        most_trials: How many trials there will be at most.
        selections: Number of a trial to the folder with what was selected in it.
    """

    trials: Sequence[Trial]
    collection: Path
    scaffold: str
    folder: Path
    seed: int
    most_trials: int
    selections: Mapping[int, Path] = field(default_factory=dict)


class Engine(Protocol):
    """Proposes recipes."""

    def propose(self, ledger: TrialLedger) -> Recipe | None:
        """Proposes the next recipe.

        Returns:
            The recipe; None where there is nothing more to try.

        Raises:
            ProposalFailed: It came to none this time.
            ModelError: Its model could not be asked.
        """


def proposal_name(number: int) -> str:
    """How ledgers call the proposal of a trial."""
    return f"proposal {number:03}"
