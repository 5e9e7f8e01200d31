"""Revises by symptoms: the strongest one for which there is an edit that was not tried here."""

from __future__ import annotations

from benchmarks.run_directory import RunDirectory
from training.structure.attempt import Revision
from training.structure.review import Review
from training.structure.reviewers.heuristic.diagnosis import diagnose
from training.structure.reviewers.heuristic.edit import Edit, catalogue
from training.structure.reviewers.heuristic.symptom import Symptom


class HeuristicReviewer:
    """Revises without a model.

    An edit that was turned down is not tried again before the scaffold has changed, and not more
    than twice in all.
    """

    def revise(self, review: Review) -> Revision | None:
        """As :meth:`training.structure.review.Reviewer.revise`."""
        for edit, symptom in self._ranked(review):
            revision = edit.revise(symptom, review.scaffold)
            if not self._tried(review, revision.title) and not review.check(revision.files):
                return revision
        return None

    def _ranked(self, review: Review) -> list[tuple[Edit, Symptom]]:
        """Edits that can be made, those of the strongest symptoms first."""
        found = [
            (edit, symptom)
            for symptom in diagnose(RunDirectory(review.run))
            for edit in catalogue()
            if edit.fires(symptom) and edit.possible(symptom, review.scaffold)
        ]
        return sorted(found, key=lambda pair: -pair[1].share / pair[0].share)

    @staticmethod
    def _tried(review: Review, title: str) -> bool:
        same = [it for it in review.history if it.revision and it.revision.title == title]
        return len(same) > 1 or any(it.parent == review.digest for it in same)
