"""The default rule: what looks better has to show it again, on seeds that nobody has seen."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import NormalDist
from typing import ClassVar

from training.structure.gate.comparison import chance_of_better, chance_of_worse, compare
from training.structure.gate.decision import Decision, Keep, Play, TurnDown
from training.structure.gate.fallback import fallback_level
from training.structure.gate.gate import Pair

_NORMAL = NormalDist()


@dataclass(frozen=True, slots=True)
class Confirmed:
    """Screens a revision on a few seeds, and confirms it on fresh ones.

    **Screening** is cheap and decides nothing but who may be confirmed. It may be as optimistic as
    one likes: all revisions play its seeds, the parent was chosen by them, and what they say is
    not used again. A revision is turned down after a block where it is clearly worse: where the
    one-sided sign-flip p of being worse is as low as that of being better has to be in the end.

    **Confirmation** has seeds on which nothing was chosen, so what it finds does not depend on the
    screening, nor on which revision came here. It is looked at several times. The one-sided
    sign-flip p of a look is compared with the confirmation's level (see
    :func:`training.structure.gate.fallback.fallback_level`) times the look's share. The shares are
    in proportion to the seeds of the looks and sum to 1, so a useless revision passes one of them
    at most with the confirmation's level (union bound), whatever the looks have in common. Taking
    that into account (a group-sequential use of the flips) would gain little, because the last look
    has more than half of the level as it is. Nothing is lost by a small first look: what is clear
    is clear at a small share as well.

    The test assumes that a useless revision's difference is as likely as its opposite: that it
    plays as its parent does, whatever the scores are like. **What it does not see** is a revision
    that wins a little mostly and loses much rarely, and is no better on the whole: the seeds of
    the first look may hold none of the losses. One that loses nine gains on a seed in ten is kept
    in 16 of 100 confirmations whose level is 1 in 100; where scores vary as much for other reasons
    too, in 1.6. The seeds kept for the report show such a one.

    A confirmation ends early where the mean is not above zero, or where success has become
    hopeless: were the trend to go on, the chance to pass the last look would be below ``hope``
    (conditional power under the current trend; Lachin 2005, "A review of methods for futility
    stopping based on conditional power"). Stopping so can only lower the error.

    Attributes:
        alpha: The chance that a search keeps any useless revision is at most this.
        decay: How the error is shared out over the confirmations of a search.
        blocks: After how many screening seeds it is looked whether a revision is clearly worse;
            after the last, whether it may be confirmed.
        passing: The p-value with which it may, if the mean rose.
        looks: After how many confirmation seeds it is looked.
        hope: The chance below which a confirmation is given up; 0 plays on as long as the mean
            is above zero.

    Raises:
        ValueError: A parameter makes no sense.
    """

    name: ClassVar[str] = "confirmed"
    alpha: float = 0.05
    decay: float = 0.8
    blocks: tuple[int, ...] = (4, 8, 12)
    passing: float = 0.25
    looks: tuple[int, ...] = (20, 40, 80, 160)
    hope: float = 0.1

    def __post_init__(self) -> None:
        for name in ("alpha", "decay", "passing"):
            value = getattr(self, name)
            if not 0 < value < 1:
                raise ValueError(f"{name} is a number between 0 and 1, not {value!r}")
        if not 0 <= self.hope < 1:
            raise ValueError(f"hope is a chance: from 0 up to, not including, 1, not {self.hope!r}")
        for name in ("blocks", "looks"):
            counts = getattr(self, name)
            if not counts or counts[0] < 1 or any(b <= a for a, b in pairwise(counts)):
                raise ValueError(
                    f"{name} are rising numbers of seeds, such as (4, 8, 12), not {counts!r}"
                )
        if 2.0**-self.screening > self.passing:
            raise ValueError(
                f"no revision can be screened: {self.screening} seeds give p = "
                f"{2.0**-self.screening:.3g} at best, and passing is {self.passing}; screen on "
                f"{math.ceil(-math.log2(self.passing))} seeds at least"
            )
        best, level = 2.0**-self.confirmation, self.shares[-1] * self.alpha * (1 - self.decay)
        if best > level:
            raise ValueError(
                f"no revision can be confirmed: {self.confirmation} seeds give p = {best:.3g} at "
                f"best, and the first confirmation needs {level:.3g}; confirm on more seeds"
            )

    @property
    def screening(self) -> int:
        """Most screening seeds that it asks for."""
        return self.blocks[-1]

    @property
    def confirmation(self) -> int:
        """Most confirmation seeds that it asks for, for one revision."""
        return self.looks[-1]

    @property
    def shares(self) -> tuple[float, ...]:
        """The share of a confirmation's level that each look has."""
        return tuple(look / sum(self.looks) for look in self.looks)

    def decide(
        self, history: Sequence[bool], screening: Sequence[Pair], confirmation: Sequence[Pair]
    ) -> Decision:
        """As :meth:`training.structure.gate.gate.Gate.decide`."""
        return self._screen(screening) or self._confirm(history, confirmation)

    def _screen(self, pairs: Sequence[Pair]) -> TurnDown | Play | None:
        """What the screening says; None where the revision may be confirmed."""
        for block in self.blocks[:-1]:
            if len(pairs) < block:
                return Play("screening", block)
            p_worse = chance_of_worse(pairs[:block])
            if p_worse <= self.passing:
                found = compare(pairs[:block])
                return TurnDown(
                    f"clearly worse at screening: {found}; chance alone does that in "
                    f"{p_worse:.1%} of cases",
                    found.details(p_worse=p_worse),
                )
        if len(pairs) < self.screening:
            return Play("screening", self.screening)
        found = compare(pairs[: self.screening])
        p_value = chance_of_better(pairs[: self.screening])
        if p_value <= self.passing:
            return None
        if found.equal == found.seeds:
            said = "every seed scored the same as before"
        elif found.difference > 0:
            said = f"chance alone does that in {p_value:.1%} of cases, at most {self.passing:.1%} "
            said += "may be"
        else:
            said = "the mean did not rise"
        return TurnDown(
            f"not better at screening: {found}; {said}",
            found.details(p=p_value, level=self.passing),
        )

    def _confirm(self, history: Sequence[bool], pairs: Sequence[Pair]) -> Decision:
        whole = fallback_level(history, self.alpha, self.decay)
        for look, share in zip(self.looks, self.shares, strict=True):
            if len(pairs) < look:
                return Play("confirmation", look)
            found = compare(pairs[:look])
            p_value = chance_of_better(pairs[:look])
            level = whole * share
            figures = found.details(
                p=p_value, level=level, search_level=whole, number=len(history) + 1
            )
            if p_value <= level:
                return Keep(
                    f"confirmed on fresh seeds: {found}; p = {p_value:.2g}, and at most "
                    f"{level:.2g} was asked for",
                    figures,
                )
            given_up = self._given_up(look, found.z, whole)
            if given_up or look == self.confirmation:
                return TurnDown(
                    f"not confirmed on fresh seeds: {found}; "
                    + (given_up or f"p = {p_value:.2g}, and {level:.2g} was asked for"),
                    figures,
                )
        raise AssertionError("the last look decides")

    def _given_up(self, look: int, z: float, whole: float) -> str:
        """Why a confirmation ends at a look; empty where it may go on."""
        if z <= 0:
            return "the mean did not rise"
        if look < self.confirmation:
            done = look / self.confirmation
            wanted = _NORMAL.inv_cdf(1 - whole * self.shares[-1])
            chance = _NORMAL.cdf((z / math.sqrt(done) - wanted) / math.sqrt(1 - done))
            if chance < self.hope:
                return (
                    f"if this went on up to {self.confirmation} seeds, it would be confirmed with "
                    f"a chance of {chance:.1%}"
                )
        return ""
