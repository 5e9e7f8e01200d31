"""How scores of equal players vary: seeds that were really played, several times each."""

from __future__ import annotations

import math
import tomllib
from dataclasses import dataclass
from importlib import resources
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

#: The name of the noise of all environments together.
SUITE = "suite"


@dataclass(frozen=True, slots=True)
class Noise:
    """What scores are drawn from, instead of playing.

    A play of a seed is one of the repeats of that seed, drawn with equal chances. So two players
    that are equally good differ as repeats do, and their difference is as likely as its opposite.

    A better player is made of an equal one. With a chance of ``share`` a play of a player that was
    improved scores the highest that the environment has seen, and one of a player that was not
    the lowest; with the rest both are as they were. That moves the mean by ``share`` times the
    range, also where there are no scores but 0 and 1, and never out of the range. The differences
    then vary otherwise than those of equal players, mostly more; an effect is given in standard
    deviations of the differences that are seen with it.

    Attributes:
        name: What it is called.
        scores: For each environment the scores; shape (seeds, repeats). A score of the suite is
            the mean over them.
    """

    name: str
    scores: tuple[Floats, ...]

    def share(self, effect: float) -> float:
        """The share of plays that makes a player better by an effect.

        Args:
            effect: Mean of the paired difference over its standard deviation; 0 or more.
        """
        low, high = 0.0, 1.0
        for _ in range(50):
            middle = (low + high) / 2
            low, high = (middle, high) if self._effect(middle) < effect else (low, middle)
        return low if effect else 0.0

    def _effect(self, share: float) -> float:
        """The effect of a share, below 1."""
        means, variances = [], []
        for table in self.scores:
            low, high = float(table.min()), float(table.max())
            # Both are moved, one of them (either), or none.
            squares = share**2 * (high - low) ** 2
            squares += (
                share * (1 - share) * float(((table - low) ** 2 + (high - table) ** 2).mean())
            )
            squares += (1 - share) ** 2 * 2 * float(table.var(axis=1).mean())
            means.append(share * (high - low))
            variances.append(squares - means[-1] ** 2)
        return sum(means) / math.sqrt(sum(variances))

    def gain(self, effect: float) -> float:
        """By how much the mean score rises with an effect."""
        return self.share(effect) * float(np.mean([np.ptp(table) for table in self.scores]))

    def seeds(self, rng: np.random.Generator, *shape: int) -> Ints:
        """Draws seeds, for each environment one of its own; shape (environments, ``*shape``)."""
        return np.stack([rng.integers(len(table), size=shape) for table in self.scores])

    def play(self, rng: np.random.Generator, seeds: Ints, improved: Bools, share: float) -> Floats:
        """Scores on some seeds.

        Args:
            rng: Where chance comes from.
            seeds: The seeds, as :meth:`seeds` gave them.
            improved: Whether the player is an improved one; a value for each play, or such as
                broadcasts to them.
            share: See the class; 0 where nobody is better.
        """
        total = np.zeros(seeds.shape[1:])
        for table, rows in zip(self.scores, seeds, strict=True):
            scores = table[rows, rng.integers(table.shape[1], size=rows.shape)]
            if share:
                moved = np.where(improved, table.max(), table.min())
                scores = np.where(rng.random(rows.shape) < share, moved, scores)
            total += scores
        return total / len(self.scores)


def noises() -> dict[str, Noise]:
    """The noise of each environment of ``noise.toml``, and of all together, by name."""
    text = (resources.files(__package__) / "noise.toml").read_text(encoding="utf-8")
    environments: list[dict[str, Any]] = tomllib.loads(text)["environment"]
    tables = {found["name"]: np.array(found["scores"], np.float64) for found in environments}
    single = {name: Noise(name, (table,)) for name, table in tables.items()}
    return single | {SUITE: Noise(SUITE, tuple(tables.values()))}
