"""A reviewer of somebody else's, whose words are checked as everybody's are."""

from __future__ import annotations

from training.structure.attempt import Revision
from training.structure.review import Review, Reviewer
from training.structure.reviewers.failure import ReviewFailed
from training.structure.revision_words import LONGEST, word_problems


class CheckedReviewer:
    """Hands on what a reviewer wrote, where it may be kept and shown.

    Args:
        reviewer: The reviewer.
    """

    def __init__(self, reviewer: Reviewer) -> None:
        self._reviewer = reviewer

    def revise(self, review: Review) -> Revision | None:
        """As :meth:`training.structure.review.Reviewer.revise`.

        Raises:
            ReviewFailed: Its title, analysis or method may not; or it came to no revision.
        """
        revision = self._reviewer.revise(review)
        if revision is None:
            return None
        if problems := word_problems({name: getattr(revision, name) for name in LONGEST}):
            raise ReviewFailed("the reviewer's words cannot be taken:\n" + "\n".join(problems))
        return revision
