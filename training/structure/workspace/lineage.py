"""What was tried before, as files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from training.structure.attempt import Attempt
from training.structure.review import Review
from training.structure.workspace.draft import difference


def lineage(review: Review) -> dict[str, str]:
    """The earlier attempts: ``NNN/verdict.md``, and what its reviewer wrote.

    Args:
        review: What the reviewer is given.

    Returns:
        Path to text.
    """
    known = {review.digest: review.scaffold} | {
        attempt.digest: attempt.revision.files
        for attempt in review.history
        if attempt.digest and attempt.revision is not None
    }
    return {
        f"{folder_name(attempt.number)}/{name}": text
        for attempt in review.history
        for name, text in _files(attempt, review, known)
    }


def folder_name(number: int) -> str:
    """How the folder of an attempt, and its run, are called."""
    return f"{number:03}"


def _files(
    attempt: Attempt, review: Review, known: Mapping[str, Mapping[str, str]]
) -> Iterator[tuple[str, str]]:
    yield "verdict.md", _verdict(attempt, review)
    revision = attempt.revision
    if revision is None:
        return
    yield "analysis.md", revision.analysis
    yield "method.md", revision.method
    if attempt.parent in known:
        yield "diff", difference(known[attempt.parent], revision.files)
    else:
        # The scaffold that a search began with is not at hand once another took its place.
        yield (
            "diff",
            (
                "Its parent is not at hand. This is how it differs from the present scaffold:\n"
                f"{difference(review.scaffold, revision.files)}"
            ),
        )


def _verdict(attempt: Attempt, review: Review) -> str:
    title = attempt.revision.title if attempt.revision is not None else "(no revision)"
    scores = "".join(f"\n{name}: {score:.4f}" for name, score in attempt.scores.items())
    present = "\nIt is the present scaffold." if attempt.digest == review.digest else ""
    return f"{title}\n\n{attempt.verdict}: {attempt.reason}{scores}{present}\n"
