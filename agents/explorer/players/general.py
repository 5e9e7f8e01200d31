"""A player for any game: tries what it has tried least where things look as they do now."""

from __future__ import annotations

import random
import zlib
from collections.abc import Mapping
from typing import Any

from agents.agent import Observation
from agents.explorer.notes import keep, recall
from automem_gym import GameAction

#: Situations that are remembered; older ones go, so that the notes stay short.
REMEMBERED = 200


class Explorer:
    """Counts in its notes what it has done in each situation, and does the least done.

    Args:
        info: The first ``info`` of the episode.
        rng: For the choice among equals.
    """

    def __init__(self, info: Mapping[str, Any], rng: random.Random) -> None:
        self._actions: tuple[str, ...] = tuple(info["actions"])
        self._rng = rng

    def act(self, observation: Observation, info: Mapping[str, Any]) -> str:
        """The next turn."""
        notes = recall(observation["memory"])
        seen = f"{observation['observation']}\n{observation['status']}"
        # A checksum names the situation: the whole text would not fit, and need not be read back.
        situation = f"{zlib.crc32(seen.encode()):08x}"
        counts = [int(n) for n in notes.get(situation, "").split()] or [0] * len(self._actions)
        least = min(counts)
        choice = self._rng.choice([i for i, count in enumerate(counts) if count == least])
        counts[choice] += 1
        new = {**notes, situation: " ".join(map(str, counts))}
        action = str(GameAction(self._actions[choice]))
        return (keep(notes, new) if len(new) <= REMEMBERED else "") + action
