"""Which seeds a search may use for what; no seed serves two purposes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Self

from benchmarks.seeds import read_seeds, write_seeds
from training.structure.stopped import SearchStoppedError

#: How the purposes are called in ``used_seeds.toml``.
PURPOSES = ("screening", "confirmation", "report")


@dataclass(frozen=True, slots=True)
class SeedPlan:
    """The seeds of a search.

    Attributes:
        screening: Played by every revision; the reviewer sees these episodes.
        confirmation: Fresh ones for every revision that passed the screening, in order.
        report: Played once, at the end, by the first and the last scaffold.

    Raises:
        ValueError: A seed is named for two purposes.
    """

    screening: tuple[int, ...]
    confirmation: tuple[int, ...]
    report: tuple[int, ...]

    def __post_init__(self) -> None:
        for purpose in PURPOSES:  # in ascending order, as they are written down
            object.__setattr__(self, purpose, tuple(sorted(getattr(self, purpose))))
        for one, other in combinations(PURPOSES, 2):
            if both := set(getattr(self, one)) & set(getattr(self, other)):
                raise ValueError(
                    f"seed {min(both)} is named for {one} and for {other}: what has decided on a "
                    "revision cannot measure it"
                )

    def block(self, number: int, size: int) -> tuple[int, ...]:
        """The fresh seeds of a confirmation.

        Args:
            number: Which confirmation of the search, from 0.
            size: How many seeds each may take.

        Raises:
            SearchStoppedError: There are not so many left; the message says what to do.
        """
        found = self.confirmation[number * size : (number + 1) * size]
        if len(found) < size:
            raise SearchStoppedError(
                f"confirmation {number + 1} needs {size} seeds that no decision has seen, and "
                f"{len(found)} of {len(self.confirmation):,} are left; add more to "
                f"--confirmation-seeds, all above {max(self.confirmation, default=-1)}, and the "
                "same command goes on from here"
            )
        return found

    def to_toml(self) -> dict[str, Any]:
        """It as plain data."""
        return {purpose: write_seeds(getattr(self, purpose)) for purpose in PURPOSES}

    @classmethod
    def from_toml(cls, data: Mapping[str, Any]) -> Self:
        """Reads what :meth:`to_toml` gave.

        Raises:
            KeyError: A purpose is missing.
            ValueError: Something is no list of seeds.
        """
        return cls(*(read_seeds(data[purpose]) for purpose in PURPOSES))
