"""The first words to a reviewer: what is to be revised, and what was tried."""

from __future__ import annotations

from pathlib import Path
from statistics import fmean

from agents.scaffold.prompts.prompts import Prompts
from benchmarks.run_directory import RunDirectory
from training.structure.attempt import Attempt
from training.structure.review import Review
from training.structure.workspace import page
from training.structure.workspace.lineage import folder_name

#: Earlier attempts that are listed.
ATTEMPTS = 30
#: What is told of a reason, in characters; lineage/ has the whole.
_REASON = 4_000
_TITLE = 200

PROMPTS = Prompts.of_folder(Path(__file__).parent / "prompts")


def begin_text(review: Review, calls: int) -> str:
    """What a review begins with.

    Args:
        review: The review.
        calls: How often the model will be asked.

    Raises:
        RunError: The run of the scaffold cannot be read.
    """
    finished = RunDirectory(review.run).finished()
    scores = [result.progression for result in finished if result.progression is not None]
    listed = review.history[-ATTEMPTS:]
    return PROMPTS.render(
        "begin",
        {
            "game": review.game,
            "digest": review.digest,
            "played": len(finished),
            "mean": f"{fmean(scores):.4f}" if scores else None,
            "attempts": page("\n".join(_line(a, review) for a in listed)) if listed else "",
            "left_out": len(listed) < len(review.history),
            "calls": calls,
        },
    )


def go_on_text(review: Review, failed: Attempt, known: bool, calls: int) -> str:
    """What is said where a review goes on from an attempt that was turned down or invalid.

    Args:
        review: The review.
        failed: The attempt.
        known: Whether the conversation that led to it comes before.
        calls: How often the model will be asked.
    """
    return PROMPTS.render(
        "go_on",
        {
            "verdict": failed.verdict,
            "reason": page(failed.reason[:_REASON]),
            "scores": {name: f"{score:.4f}" for name, score in failed.scores.items()},
            "played": failed.run is not None,
            "known": known,
            "calls": calls,
        },
    )


def _line(attempt: Attempt, review: Review) -> str:
    title = (
        "(no revision)" if attempt.revision is None else " ".join(attempt.revision.title.split())
    )
    present = " (the present scaffold)" if attempt.digest == review.digest else ""
    return f"{folder_name(attempt.number)} {attempt.verdict}{present}: {title[:_TITLE]}"
