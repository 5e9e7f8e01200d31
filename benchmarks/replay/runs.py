"""Values that mostly stay as they were, such as the reward of each turn."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import Any


def runs(values: Iterable[Any]) -> list[Any]:
    """A list of values, each followed by how many times it stands there in a row.

    Example:
        >>> runs([0, 0, 0, 1])
        [0, 3, 1, 1]
    """
    return [part for value, run in groupby(values) for part in (value, sum(1 for _ in run))]
