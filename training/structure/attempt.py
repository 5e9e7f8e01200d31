"""An attempt to improve a scaffold, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

#: ``kept``: it took its parent's place. ``turned down``: it was played, and is not better enough.
#: ``invalid``: it failed validation and was not played. ``failed``: the reviewer came to none.
#: ``exhausted``: it has nothing more to propose.
Verdict = Literal["kept", "turned down", "invalid", "failed", "exhausted"]


@dataclass(frozen=True, slots=True)
class Revision:
    """A revised scaffold, and why.

    Attributes:
        files: The whole scaffold, path to text: ``scaffold.toml``, ``prompts/...``, ``memory/...``,
            ``hooks.py``. It extends nothing.
        title: What was changed, in a line.
        analysis: Where the structure made the agent fail, with references to episodes and steps.
        method: How the reviewer came to it: advice for those who revise the scaffold next.
    """

    files: Mapping[str, str]
    title: str
    analysis: str
    method: str


#: Longest words of a revision, in characters.
LONGEST = {"title": 200, "analysis": 20_000, "method": 10_000}


def word_problems(words: Mapping[str, str]) -> list[str]:
    """What is wrong with the words of a revision.

    Args:
        words: ``title``, ``analysis`` and ``method``.
    """
    found: list[str] = []
    for name, text in words.items():
        if not 0 < len(text.strip()) <= LONGEST[name]:
            found.append(f"{name} has {len(text):,} characters; 1 to {LONGEST[name]:,} are allowed")
        if text.encode("utf-8", "replace").decode("utf-8") != text:
            found.append(f"{name} holds characters that UTF-8 cannot")
        # They would steer the terminal that shows them, or hide what is written.
        allowed = "" if name == "title" else "\n\t"
        strange = sorted({c for c in text.strip() if not c.isprintable() and c not in allowed})
        if strange:
            shown = ", ".join(f"U+{ord(c):04X}" for c in strange[:5])
            found.append(f"{name} holds characters that are not shown ({shown}); leave them out")
    if "\n" in words["title"].strip():
        found.append("title is one line")
    return found


@dataclass(frozen=True, slots=True)
class Attempt:
    """A revision that was tried.

    Attributes:
        number: Its place in the search, from 1.
        parent: Digest of the scaffold that it revises.
        digest: Its own; empty where it is invalid.
        revision: What the reviewer wrote; None where it gave none.
        verdict: What came of it.
        reason: Why, in words with figures; for an invalid one, all that is wrong with it.
        scores: Mean progression on the screening seeds that both played, by ``parent`` and
            ``revision``; empty where it was not played.
        run: The run directory of its screening episodes; None where it was not played.
        cost: What the reviewer took: ``usd``, ``tokens`` and ``calls``.
        confirmation: Whether it was played on fresh seeds, after the screening.
    """

    number: int
    parent: str
    digest: str
    revision: Revision | None
    verdict: Verdict
    reason: str
    scores: Mapping[str, float]
    run: Path | None
    cost: Mapping[str, float]
    confirmation: bool = False
