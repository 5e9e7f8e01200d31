"""What is measured, and how long."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from benchmarks.pair.pair import PairSpec


@dataclass(frozen=True)
class Settings:
    """The settings of a measurement.

    Attributes:
        pair: The pair.
        env_ids: The environments.
        game_steps: Game steps that are played of each.
        rounds: Rounds of a comparison.
        round_steps: Game steps of an episode in a round.
        in_flight: Episodes at the same time, where several are compared with one.
        seed: Seed of the first episode.
    """

    #: The settings that are numbers.
    NUMBERS: ClassVar = ("game_steps", "rounds", "round_steps", "in_flight", "seed")

    pair: PairSpec
    env_ids: tuple[str, ...]
    game_steps: int = 200
    rounds: int = 3
    round_steps: int = 2
    in_flight: int = 8
    seed: int = 0

    def __post_init__(self) -> None:
        for name in self.NUMBERS:
            least = 0 if name == "seed" else 1
            if getattr(self, name) < least:
                option = "--" + name.replace("_", "-")
                raise ValueError(f"{option} is at least {least}, not {getattr(self, name)}")
