"""What an adapter has come to, beside the base: on the same seeds, the same scaffold."""

from __future__ import annotations

from pathlib import Path

from benchmarks.report.table import Table
from training.structure.outcome import Measure, comparison, memory_measure, share_of

_MEASURES = (
    Measure("progression, %", lambda result: result.progression, 100, share=True),
    Measure("memory writes / search", memory_measure("writes_per_search")),
    share_of("redundant writes, %", "redundant_writes"),
    share_of("writes after a look at the file, %", "consult_before_write"),
    share_of("searches that found nothing, %", "empty_searches"),
    Measure("memory growth, characters / step", memory_measure("growth_per_step")),
)


def outcome_table(base: Path, trained: Path) -> Table:
    """Compares the pair with an adapter to the pair without one, seed by seed.

    Args:
        base: The run directory of the pair without an adapter.
        trained: That of the pair with it.
    """
    title = "The base in both roles, and the specialist with its adapter"
    return comparison(base, trained, title, ("base", "adapter"), _MEASURES)
