"""Seeds of model calls."""

from __future__ import annotations

import numpy as np


def call_seed(agent_seed: int, turn: int, call: int) -> int:
    """Seed of one call: ``SeedSequence((agent_seed, turn, call))``, 32 bits.

    So a call is sampled alike however many calls other episodes make beside it.

    Args:
        agent_seed: Seed of the agent for this episode.
        turn: The turn that the call decides on, from 1.
        call: Which call of the turn, from 0.
    """
    return int(np.random.SeedSequence((agent_seed, turn, call)).generate_state(1)[0])
