"""An attempt in words: for the lineage, and for reviewers that come later."""

from __future__ import annotations

from benchmarks.terminal.plain_text import plain
from training.structure.attempt import Attempt


def headline(attempt: Attempt) -> str:
    """An attempt in a line, which commands no terminal."""
    title = attempt.revision.title if attempt.revision else "no revision"
    return plain(f"{attempt.number:03} {attempt.verdict}: {title}")


def markdown(attempt: Attempt) -> str:
    """All that is to be told of an attempt."""
    parts = [f"# {headline(attempt)}", f"**Verdict.** {attempt.verdict}: {attempt.reason}"]
    if attempt.scores:
        parent, own = (100 * attempt.scores[name] for name in ("parent", "revision"))
        parts.append(f"**Screening.** progression {parent:.1f}% before, {own:.1f}% with it")
    if attempt.revision:
        parts += ["## Analysis", attempt.revision.analysis, "## Method", attempt.revision.method]
    cost = ", ".join(f"{name} {value:g}" for name, value in attempt.cost.items())
    parts.append(f"Reviewer: {cost}" if cost else "")
    digests = f"revises {attempt.parent}"
    parts.append(f"{digests}, is {attempt.digest}" if attempt.digest else digests)
    return "\n\n".join(filter(None, parts)) + "\n"
