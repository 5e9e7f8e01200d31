"""What a reviewer is given, and what is asked of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from training.structure.attempt import Attempt, Revision


@dataclass(frozen=True)
class Review:
    """All that a reviewer may look at.

    Attributes:
        game: Name of the game.
        scaffold: The scaffold to revise as files, path to text; it extends nothing.
        digest: Its digest.
        run: The run directory in which it played the screening seeds: traces, results.
        history: The attempts of the search so far, oldest first.
        failed: The attempt that this one goes on from: a revision of the same scaffold that was
            turned down or invalid; None where the reviewer begins anew.
        check: Says what is wrong with the files of a revision, before it costs an episode; nothing
            where it may be played.
        seed: Seed of what the reviewer draws.
        folder: Where it may record how it worked; the same when an interrupted review begins again.
        failed_folder: Where the reviewer of ``failed`` did; None where there is no such place.
    """

    game: str
    scaffold: Mapping[str, str]
    digest: str
    run: Path
    history: Sequence[Attempt]
    failed: Attempt | None
    check: Callable[[Mapping[str, str]], Sequence[str]]
    seed: int
    folder: Path
    failed_folder: Path | None = None


class Reviewer(Protocol):
    """Who revises scaffolds. A class of a user's own, ``my.module:Reviewer``, is taken as well."""

    def revise(self, review: Review) -> Revision | None:
        """Revises a scaffold.

        The same review gives the same revision, or goes on where an interrupted one stopped.

        Returns:
            The revision; None where it has nothing more to propose.

        Raises:
            ReviewFailed: It gave none, and would give none if it were asked again; see
                :mod:`training.structure.reviewers.failure`.
            ModelError: A model could not be asked. The search stops, and goes on from here.
            BudgetSpentError: Nothing more may be spent.
        """


def review_name(number: int) -> str:
    """How ledgers call the review of an attempt."""
    return f"review {number:03}"
