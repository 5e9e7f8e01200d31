"""What is told of a run beside its progression."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from benchmarks.episode_result import EpisodeResult
from benchmarks.statistics import SHARE
from benchmarks.statistics.interval import Interval
from benchmarks.summary import unproductive_share


class Measure(NamedTuple):
    """A figure of an episode.

    Attributes:
        label: How tables and plots call it.
        value: It, of a result; None where it was not measured.
        bounds: Between which values it lies; None where it has none.
        scale: By how much it is multiplied where it is shown.
    """

    label: str
    value: Callable[[EpisodeResult], float | None]
    bounds: Interval | None = None
    scale: float = 1


MEASURES = (
    Measure("memory writes / search", lambda it: it.memory.get("writes_per_search")),
    Measure("growth, characters / step", lambda it: it.memory.get("growth_per_step")),
    Measure("redundant writes, %", lambda it: it.memory.get("redundant_writes"), SHARE, 100),
    Measure("unproductive steps, %", unproductive_share, SHARE, 100),
)
