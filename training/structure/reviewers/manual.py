"""A reviewer outside of this program: a person, or a coding agent that works on files.

``automem structure --reviewer manual`` lays a workspace out and stops; ``automem submit`` takes
what was made of it; the same ``automem structure`` command then goes on.
"""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path

from agents.scaffold import ScaffoldError
from benchmarks.whole_file import replace_file
from training.structure.attempt import Revision
from training.structure.attempt_store import read_files, write_files
from training.structure.review import Review
from training.structure.stopped import SearchStoppedError
from training.structure.words import markdown

#: What the workspace holds.
TASK, SCAFFOLD, REVISION, HISTORY = "TASK.md", "scaffold", "revision", "history"
_SUBMITTED = "submitted.json"


class ManualReviewer:
    """Waits for a revision that somebody makes in a workspace."""

    def revise(self, review: Review) -> Revision:
        """As :meth:`training.structure.review.Reviewer.revise`.

        Raises:
            SearchStoppedError: Nobody has submitted a revision yet; the message says what to do.
        """
        submitted = review.folder / _SUBMITTED
        if submitted.exists():
            words = json.loads(submitted.read_text("utf-8"))
            return Revision(read_files(review.folder / REVISION), **words)
        lay_out(review)
        raise SearchStoppedError(
            f"a revision is wanted: read {review.folder / TASK}, change the files in "
            f"{review.folder / REVISION}, hand them in with 'automem submit', and run this command "
            "again"
        )


def lay_out(review: Review) -> None:
    """Makes the workspace of a review; what was changed in its revision stays."""
    folder = review.folder
    write_files(folder / SCAFFOLD, review.scaffold)
    if not (folder / REVISION).exists():
        failed = review.failed.revision if review.failed else None
        try:
            write_files(folder / REVISION, failed.files if failed else review.scaffold)
        except ScaffoldError:
            # The revision failed by its names: history/ tells that, and no directory can hold it.
            write_files(folder / REVISION, review.scaffold)
    (folder / HISTORY).mkdir(exist_ok=True)
    for attempt in review.history:
        path = folder / HISTORY / f"{attempt.number:03}.md"
        path.write_bytes(markdown(attempt).encode("utf-8", "replace"))
    text = files("training.structure.reviewers").joinpath("prompts", "manual.md")
    told = text.read_text(encoding="utf-8").replace("RUN", str(review.run))
    (folder / TASK).write_text(told, encoding="utf-8")


def submit(folder: Path, words: dict[str, str]) -> None:
    """Hands a revision in.

    Args:
        folder: The folder of the review.
        words: Its ``title``, ``analysis`` and ``method``.
    """
    replace_file(folder / _SUBMITTED, json.dumps(words, indent=1) + "\n", sync=True)
