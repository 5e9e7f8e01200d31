from __future__ import annotations

from dataclasses import replace

from training.structure.attempt import Attempt
from training.structure.workspace.lineage import lineage


def test_attempts_are_files(second_review):
    files = lineage(second_review)
    assert set(files) == {
        f"001/{name}" for name in ("verdict.md", "analysis.md", "method.md", "diff")
    }
    assert files["001/verdict.md"] == (
        "East first\n\nturned down: 0.10 less than its parent\nparent: 0.5000\nrevision: 0.4000\n"
    )
    assert "+Go east." in files["001/diff"]
    assert files["001/analysis.md"] == "seed 0 step 3: went west"


def test_an_attempt_without_a_revision(review):
    failed = Attempt(12, "d0", "", None, "failed", "it was asked 60 times", {}, None, {})
    assert lineage(replace(review, history=(failed,))) == {
        "012/verdict.md": "(no revision)\n\nfailed: it was asked 60 times\n"
    }


def test_attempts_on_what_was_there_before(second_review):
    """Once a revision was kept, the scaffold before it is known as its parent no more."""
    kept = replace(second_review.history[0], digest="d9", verdict="kept")
    later = replace(kept, number=2, parent="d9", digest="d10", verdict="turned down")
    now = replace(
        second_review, scaffold=kept.revision.files, digest="d9", history=(kept, later), failed=None
    )
    files = lineage(now)
    assert "It is the present scaffold." in files["001/verdict.md"]
    assert files["001/diff"].startswith("Its parent is not at hand.")
    assert files["002/diff"] == "", "it changed nothing"
