"""Revises by symptoms: all that there are edits for at once, then one after the other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from benchmarks.run_directory import RunDirectory
from training.structure.attempt import Revision
from training.structure.review import Review
from training.structure.reviewers.heuristic.diagnosis import diagnose
from training.structure.reviewers.heuristic.edit import Edit, catalogue
from training.structure.reviewers.heuristic.symptom import Symptom


class HeuristicReviewer:
    """Revises without a model.

    First it makes in one revision all edits that a symptom calls for and that leave the form of the
    files as it is: one that changes it can lose what was noted, and the others would be turned down
    with it. Then all at once, then one by one, those of the strongest symptoms first. What was
    turned down is not tried again before the scaffold has changed, and not more than twice in all.
    """

    def revise(self, review: Review) -> Revision | None:
        """As :meth:`training.structure.review.Reviewer.revise`."""
        for revision in self._revisions(review):
            if not _tried(review, revision.title) and not review.check(revision.files):
                return revision
        return None

    def _revisions(self, review: Review) -> Iterator[Revision]:
        ranked = _ranked(review)
        careful = [pair for pair in ranked if not pair[0].vocabulary]
        for edits in (careful, ranked):
            if len(edits) > 1:
                yield _together(edits, review.scaffold)
        for edit, symptom in ranked:
            yield edit.revise(symptom, review.scaffold)


def _ranked(review: Review) -> list[tuple[Edit, Symptom]]:
    """Edits that can be made, those of the strongest symptoms first."""
    found = [
        (edit, symptom)
        for symptom in diagnose(RunDirectory(review.run))
        for edit in catalogue()
        if edit.fires(symptom) and edit.possible(symptom, review.scaffold)
    ]
    return sorted(found, key=lambda pair: -pair[1].share / pair[0].share)


def _together(edits: list[tuple[Edit, Symptom]], scaffold: Mapping[str, str]) -> Revision:
    """All edits in one revision."""
    files, made = dict(scaffold), list[Revision]()
    for edit, symptom in edits:
        made.append(edit.revise(symptom, files))
        files = dict(made[-1].files)
    names = ", ".join(edit.key(symptom) for edit, symptom in edits)
    return Revision(
        files,
        f"{len(edits)} changes at once: {names}",
        "\n\n".join(f"{it.title}.\n{it.analysis}" for it in made),
        "\n\n".join(it.method for it in made),
    )


def _tried(review: Review, title: str) -> bool:
    same = [it for it in review.history if it.revision and it.revision.title == title]
    return len(same) > 1 or any(it.parent == review.digest for it in same)
