"""The stages of the confirmed gate, for many revisions at once; decides as the gate itself does."""

from __future__ import annotations

import numpy as np

from training.structure.gate.confirmed import Confirmed
from training.structure.gate.flips import at_most
from training.structure.gate.noise import Bools, Floats, Ints

_ROUNDING = 1e-9


def screened(gate: Confirmed, differences: Floats) -> tuple[Bools, Ints]:
    """Which revisions may be confirmed.

    Args:
        gate: What decides.
        differences: Revision minus parent; shape (revisions, ``gate.screening``).

    Returns:
        Whether each may be confirmed, and how many seeds it has played.
    """
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


def confirmed(gate: Confirmed, differences: Floats, levels: Floats) -> tuple[Bools, Ints]:
    """Which revisions are kept.

    Args:
        gate: What decides.
        differences: Revision minus parent; shape (revisions, ``gate.confirmation``).
        levels: The level of each confirmation; shape (revisions,).

    Returns:
        Whether each is kept, and how many seeds each side has played.
    """
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
