"""The order in which rows are learnt, from the first step to the last."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from training.proficiency.packing import Row
from training.proficiency.tokens import ExampleTokens


class DataSet:
    """All rows of a training, in order: each epoch anew, filled up to whole steps.

    The order depends on the seed and the size of a step alone, not on how many processes share a
    step, and a training that goes on begins in the middle of it. What fills the last step of an
    epoch is blank: nothing is learnt from it, so that no example counts twice.

    Args:
        rows: The rows.
        step: Rows of a step, of all processes together.
        epochs: How often each is learnt; of a part of an epoch, the first rows.
        seed: Seed of the order.
        blank: Tokens of a blank row.

    Raises:
        ValueError: There are no rows.
    """

    def __init__(
        self,
        rows: Sequence[Row],
        step: int,
        epochs: float = 1.0,
        seed: int = 0,
        blank: Sequence[int] = (0,),
    ) -> None:
        if not rows:
            raise ValueError("there is nothing to learn: the data set has no row")
        self._rows = [*rows, (ExampleTokens(tuple(blank), len(blank), ""),)]
        self.step = step
        generator = np.random.default_rng(seed)
        order: list[int] = []
        left = max(1, round(epochs * len(rows)))
        while left > 0:
            order += generator.permutation(len(rows))[:left].tolist()
            order += [len(rows)] * (-len(order) % step)
            left -= len(rows)
        self._order = order

    def __len__(self) -> int:
        return len(self._order)

    def __getitem__(self, at: int) -> Row:
        return self._rows[self._order[at]]

    @property
    def steps(self) -> int:
        """How many steps there are."""
        return math.ceil(len(self._order) / self.step)

    def tokens(self, first: int, last: int) -> int:
        """Tokens of some steps, blank rows left out.

        Args:
            first: The first step, from 0.
            last: The step behind the last one.
        """
        order = self._order[first * self.step : last * self.step]
        blank = len(self._rows) - 1
        return sum(len(it.tokens) for at in order if at != blank for it in self._rows[at])
