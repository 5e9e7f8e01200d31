"""What a gate says about a revision."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Stage = Literal["screening", "confirmation"]


@dataclass(frozen=True, slots=True)
class Keep:
    """The revision is better: it becomes the parent of the next.

    Attributes:
        reason: Why, in words with figures, for a person and for the model that revises.
        details: The figures by name.
    """

    reason: str
    details: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TurnDown:
    """The revision is not kept.

    Attributes:
        reason: Why, in words with figures, for a person and for the model that revises.
        details: The figures by name.
    """

    reason: str
    details: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Play:
    """More has to be played before anything can be said.

    Attributes:
        stage: On which seeds: those that all revisions are screened on, or fresh ones.
        seeds: The first so many seeds of that stage have to be played by parent and revision.
    """

    stage: Stage
    seeds: int


Decision = Keep | TurnDown | Play
