"""The explorer that waits first: of the same strength each time, and with other luck each time."""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Any

from agents.agent import Decision, Observation
from agents.explorer import Explorer


class LateStart(Explorer):
    """Waits for some turns, then plays as the explorer does.

    The explorers hardly draw from their own generator, so two repeats of a seed are often the same
    episode, which those of a model that samples are not. The turns that go by move what the game
    draws. How many do is drawn from the agent's seed, so two repeats are of equal strength by
    construction, and differ as two runs do of which neither is better.

    Args:
        action: The game's action that waits.
        most: Most turns that it waits.
    """

    def __init__(self, action: str, most: int = 7) -> None:
        self._action = action
        self._most = int(most)

    def reset(self, observation: Observation, info: Mapping[str, Any], seed: int) -> None:
        """Draws how long to wait."""
        super().reset(observation, info, seed)
        self._left = random.Random(seed).randint(0, self._most)

    def act(self, observation: Observation, info: Mapping[str, Any]) -> Decision:
        """Waits, or asks the player."""
        if self._left:
            self._left -= 1
            return Decision(self._action)
        return super().act(observation, info)
