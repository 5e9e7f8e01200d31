"""A trial: a recipe, what was trained by it, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from training.proficiency.recipe import Recipe

#: ``kept``: its adapter took the place of the best so far. ``turned down``: it was played, and is
#: not better enough. ``failed``: nothing could be selected or trained by it. ``exhausted``: the
#: engine has nothing more to propose.
Verdict = Literal["kept", "turned down", "failed", "exhausted"]


@dataclass(frozen=True, slots=True)
class Trial:
    """A trial that is decided.

    Attributes:
        number: Its place in the search, from 1.
        recipe: What was to be done; None where the engine proposed nothing.
        verdict: What came of it.
        reason: Why, in words with figures.
        parent: Number of the trial whose adapter it was measured against; 0 for the base.
        data: What the selection came to, as ``Selection.to_json`` tells it; empty where there was
            none.
        training: What the training came to: losses, steps, seconds; empty where there was none.
        scores: Screening seed to progression, of the trial (``own``) and its parent (``parent``),
            of the seeds that both played.
        measures: Mean memory measures of the screening episodes, likewise.
        cost: What the engine took: ``usd``, ``tokens`` and ``calls``.
        confirmation: Whether it was played on fresh seeds, after the screening.
    """

    number: int
    recipe: Recipe | None
    verdict: Verdict
    reason: str
    parent: int = 0
    data: Mapping[str, Any] = field(default_factory=dict)
    training: Mapping[str, Any] = field(default_factory=dict)
    scores: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    measures: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    cost: Mapping[str, float] = field(default_factory=dict)
    confirmation: bool = False

    @property
    def score(self) -> float | None:
        """The mean progression of its screening seeds; None where it played none."""
        own = self.scores.get("own", {})
        return sum(own.values()) / len(own) if own else None
