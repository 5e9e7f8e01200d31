"""Searches whose revisions are useless, but for one at most, decided on by a gate."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from training.structure.gate.confirmed import Confirmed
from training.structure.gate.fallback import fallback_level
from training.structure.gate.noise import Bools, Ints, Noise
from training.structure.gate.paper import Paper
from training.structure.gate.stages import confirmed, screened

_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Searches:
    """What came of many searches; a value for each.

    Attributes:
        useless: How many useless revisions were kept.
        useful: Whether the useful one was kept.
        position: Which revision was the useful one, from 0; -1 where there was none.
        confirmations: How many revisions came to a confirmation.
        plays: How many seeds were played, by either side, at screening and at confirmation.
    """

    useless: Ints
    useful: Bools
    position: Ints
    confirmations: Ints
    plays: Ints


def search(
    gate: Confirmed | Paper,
    noise: Noise,
    searches: int,
    revisions: int,
    effect: float = 0.0,
    seed: int = 0,
) -> Searches:
    """Simulates searches.

    The screening seeds are the same for all revisions of a search. The parent has played them when
    it was screened itself, and keeps the scores that it had then.

    Args:
        gate: What decides.
        noise: What scores are drawn from.
        searches: How many searches.
        revisions: How many revisions each has.
        effect: How much better than its parent the useful one is, in standard deviations of the
            paired difference; 0 for none. It stands anywhere with equal chances; those after it
            are made from it if it was kept.
        seed: Where chance comes from.
    """
    rng = np.random.default_rng(seed)
    share = noise.share(effect)
    position = rng.integers(revisions, size=searches) if effect else np.full(searches, -1)
    seeds = noise.seeds(rng, searches, gate.screening)
    improved = np.zeros(searches, np.bool_)
    parent = noise.play(rng, seeds, improved[:, None], share)
    useless, confirmations = np.zeros((2, searches), np.int64)
    plays = np.full(searches, gate.screening)
    histories: list[list[bool]] = [[] for _ in range(searches)]
    for number in range(revisions):
        is_useful = position == number
        better = improved | is_useful
        revision = noise.play(rng, seeds, better[:, None], share)
        if isinstance(gate, Paper):
            kept = (revision - parent).sum(axis=1) > _ROUNDING
            plays += gate.screening
        else:
            passed, played = screened(gate, revision - parent)
            plays += played
            rows = np.flatnonzero(passed)
            fresh = noise.seeds(rng, len(rows), gate.confirmation)
            before, after = (
                noise.play(rng, fresh, of[rows, None], share) for of in (improved, better)
            )
            level = [fallback_level(histories[row], gate.alpha, gate.decay) for row in rows]
            won, played = confirmed(gate, after - before, np.array(level))
            for row, outcome in zip(rows, won, strict=True):
                histories[row].append(bool(outcome))
            plays[rows] += 2 * played
            confirmations[rows] += 1
            kept = np.zeros(searches, np.bool_)
            kept[rows] = won
        useless += kept & ~is_useful
        improved |= kept & is_useful
        parent[kept] = revision[kept]
    return Searches(useless, improved, position, confirmations, plays)
