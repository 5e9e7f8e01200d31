"""Searches whose revisions are useless, but for one at most, decided on by a gate."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from training.structure.gate.confirmed import Confirmed
from training.structure.gate.flips import at_most
from training.structure.gate.noise import Bools, Floats, Ints, Noise
from training.structure.gate.paper import Paper

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
        effect: How much better than its parent the useful one is, in ``noise.spread``; 0 for none.
            It stands anywhere with equal chances; those after it are made from it if it was kept.
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
    levels = _Levels(searches)
    for number in range(revisions):
        is_useful = position == number
        better = improved | is_useful
        revision = noise.play(rng, seeds, better[:, None], share)
        if isinstance(gate, Paper):
            kept = (revision - parent).sum(axis=1) > _ROUNDING
            plays += gate.screening
        else:
            passed, played = _screen(gate, revision - parent)
            plays += played
            rows = np.flatnonzero(passed)
            fresh = noise.seeds(rng, len(rows), gate.confirmation)
            before, after = (
                noise.play(rng, fresh, of[rows, None], share) for of in (improved, better)
            )
            level = levels.of(gate, rows)
            won, played = _confirm(gate, after - before, level)
            levels.came(rows, level, won)
            plays[rows] += 2 * played
            confirmations[rows] += 1
            kept = np.zeros(searches, np.bool_)
            kept[rows] = won
        useless += kept & ~is_useful
        improved |= kept & is_useful
        parent[kept] = revision[kept]
    return Searches(useless, improved, position, confirmations, plays)


class _Levels:
    """The levels of :func:`training.structure.gate.fallback.fallback_level`, for many searches."""

    def __init__(self, searches: int) -> None:
        self._number = np.zeros(searches, np.int64)
        self._carried = np.zeros(searches)

    def of(self, gate: Confirmed, rows: Ints) -> Floats:
        """The levels of the next confirmation of some searches."""
        gamma = (1 - gate.decay) * gate.decay ** self._number[rows].astype(np.float64)
        levels: Floats = gate.alpha * gamma + self._carried[rows]
        return levels

    def came(self, rows: Ints, levels: Floats, won: Bools) -> None:
        """Notes what came of those confirmations."""
        self._carried[rows] = np.where(won, levels, 0.0)
        self._number[rows] += 1


def _screen(gate: Confirmed, differences: Floats) -> tuple[Bools, Ints]:
    """Which revisions may be confirmed, and how many seeds each has played."""
    played = np.full(len(differences), gate.screening)
    level = np.full(len(differences), gate.passing)
    left = np.arange(len(differences))
    for block in gate.blocks[:-1]:
        worse = at_most(-differences[left, :block], level[left])
        played[left[worse]] = block
        left = left[~worse]
    passed: Bools = np.zeros(len(differences), np.bool_)
    passed[left] = at_most(differences[left], level[left])
    return passed, played


def _confirm(gate: Confirmed, differences: Floats, levels: Floats) -> tuple[Bools, Ints]:
    """Which revisions are kept, and how many seeds each side has played."""
    from scipy.special import ndtr, ndtri

    played = np.full(len(differences), gate.confirmation)
    kept: Bools = np.zeros(len(differences), np.bool_)
    left = np.arange(len(differences))
    for look, share in zip(gate.looks, gate.shares, strict=True):
        seen = differences[left, :look]
        won = at_most(seen, levels[left] * share)
        kept[left[won]] = True
        total = seen.sum(axis=1)
        on = ~won & (total > _ROUNDING)
        if look < gate.confirmation:
            z = total / np.sqrt(np.maximum((seen**2).sum(axis=1), 1e-300))
            done = look / gate.confirmation
            wanted = -ndtri(levels[left] * gate.shares[-1])
            on &= ndtr((z / np.sqrt(done) - wanted) / np.sqrt(1 - done)) >= gate.hope
        played[left[~on]] = look
        left = left[on]
    return kept, played
