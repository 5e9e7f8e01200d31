"""An attempt to improve a scaffold, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from benchmarks.terminal.plain_text import plain_lines

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


@dataclass(frozen=True, slots=True)
class Attempt:
    """A revision that was tried.

    Attributes:
        number: Its place in the search, from 1.
        parent: Digest of the scaffold that it revises.
        digest: Its own; empty where it is invalid.
        revision: What the reviewer wrote; None where it gave none.
        verdict: What came of it.
        reason: Why, in words with figures; for an invalid one, all that is wrong with it. Models
            wrote some of it; what a terminal would obey is taken out.
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

    def __post_init__(self) -> None:
        object.__setattr__(self, "reason", plain_lines(self.reason))
