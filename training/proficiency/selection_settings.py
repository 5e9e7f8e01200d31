"""How a data set is chosen among the answers of an agent."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class SelectionSettings:
    """The settings of a selection.

    Attributes:
        selector: Who judges, as :func:`training.proficiency.selectors.open_selector` takes it.
        selector_arg: Arguments for it.
        least_score: Answers with a lower score are dropped; None for no such limit.
        most: Most answers in all.
        per_episode: Most answers of one episode.
        log_share: The share of LOG answers that is aimed at; where one routine has too few, the
            other one does not make up for it.
        held_out: Share of the episodes whose answers measure the loss, and are not learnt.
        least_episodes: From at least so many episodes the answers have to come.
        seed: Seed of what is drawn: which episodes are held out, and which of equals are taken.

    Raises:
        ValueError: Something makes no sense.
    """

    selector: str = "criteria"
    selector_arg: Mapping[str, Any] = field(default_factory=dict)
    least_score: float | None = 1.0
    most: int = 4_000
    per_episode: int = 200
    log_share: float = 0.5
    held_out: float = 0.1
    least_episodes: int = 2
    seed: int = 0

    def __post_init__(self) -> None:
        for name, least in (("most", 1), ("per_episode", 1), ("least_episodes", 1), ("seed", 0)):
            value = getattr(self, name)
            if type(value) is not int or value < least:
                raise ValueError(f"{name} is a whole number, {least} or more, not {value!r}")
        for name in ("log_share", "held_out"):
            value = getattr(self, name)
            if type(value) not in (int, float) or not 0 <= value <= 1:
                raise ValueError(f"{name} is a number in [0, 1], not {value!r}")
        score = self.least_score
        if score is not None and (type(score) not in (int, float) or score != score):
            raise ValueError(f"least_score is a number, -inf for no limit, not {score!r}")
        if not isinstance(self.selector, str):
            raise ValueError(f"selector is a name, not {self.selector!r}")
        if not isinstance(self.selector_arg, Mapping):
            raise ValueError(f"selector_arg is a table, not {self.selector_arg!r}")
        if self.held_out == 1:
            raise ValueError("held_out is less than 1, or nothing is left to learn from")

    def to_toml(self) -> dict[str, Any]:
        """It as plain data; TOML has no None, and -inf limits as little."""
        return {name: -math.inf if it is None else it for name, it in asdict(self).items()}
