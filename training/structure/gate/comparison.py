"""How a revision compares with its parent on the seeds that both have played."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from benchmarks.statistics.sign_flips import sign_flip_p
from training.structure.gate.gate import Pair

#: Sums of differences nearer to zero than this are zero: scores are shares, and rounding is less.
_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Comparison:
    """The figures of a comparison.

    Attributes:
        seeds: On how many seeds.
        parent: Mean score of the parent.
        revision: Mean score of the revision.
        difference: ``revision - parent``; exactly 0 where it is rounding alone.
        z: The difference in standard errors, as they are if the revision is no better (its true
            difference is zero): ``sum(d) / sqrt(sum(d ** 2))``; 0 where no seed differs.
        equal: On how many seeds both scored the same.
    """

    seeds: int
    parent: float
    revision: float
    difference: float
    z: float
    equal: int

    def __str__(self) -> str:
        return (
            f"{self.parent:.3f} before and {self.revision:.3f} after "
            f"({self.difference:+.3f}, mean of {self.seeds} seeds)"
        )

    def details(self, **more: float) -> Mapping[str, float]:
        """The figures by name, with some more."""
        own = {
            "seeds": self.seeds,
            "parent": self.parent,
            "revision": self.revision,
            "difference": self.difference,
        }
        return own | more


def compare(pairs: Sequence[Pair]) -> Comparison:
    """Compares on some seeds; one at least.

    Raises:
        ValueError: A score is not a number.
    """
    for seed, pair in enumerate(pairs):
        if not all(map(math.isfinite, pair)):
            raise ValueError(f"the scores of seed number {seed} are {pair}, which are no numbers")
    differences = [after - before for before, after in pairs]
    total = math.fsum(differences)
    if abs(total) < _ROUNDING:
        total = 0.0
    size = math.sqrt(math.fsum(difference**2 for difference in differences))
    count = len(pairs)
    return Comparison(
        count,
        math.fsum(before for before, _ in pairs) / count,
        math.fsum(after for _, after in pairs) / count,
        total / count,
        total / size if total else 0.0,
        sum(abs(difference) < _ROUNDING for difference in differences),
    )


def chance_of_better(pairs: Sequence[Pair]) -> float:
    """How often chance alone would make the revision's sum as high: the one-sided sign-flip p.

    Half of the two-sided p of :func:`benchmarks.statistics.sign_flips.sign_flip_p`, because the
    sums of all assignments of signs lie symmetrically about zero. That holds for drawn assignments
    too: with each its opposite counts as drawn, so of ``2 * (draws + 1)`` sums as likely as the one
    that was seen, as many are as high as two-sided were as far.

    Returns:
        The p-value, from ``2 ** -seeds`` or 5e-6 on; 1 where the revision is not better.
    """
    differences = [after - before for before, after in pairs]
    if math.fsum(differences) < _ROUNDING:
        return 1.0
    p_value = sign_flip_p(differences)
    assert p_value is not None
    return p_value / 2


def chance_of_worse(pairs: Sequence[Pair]) -> float:
    """How often chance alone would make the revision's sum as low; see :func:`chance_of_better`."""
    return chance_of_better([(after, before) for before, after in pairs])
