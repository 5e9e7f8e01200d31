"""A player for any game: tries what it has tried least where things look as they do now."""

from __future__ import annotations

import random
import re
import zlib
from collections.abc import Mapping
from typing import Any

from agents.agent import Observation
from agents.explorer.notes import keep, recall
from automem_gym import GameAction

#: Characters of notes, all of which a READ shows; beyond them the older half is forgotten.
ROOM = 6_000
_SITUATION = re.compile("[0-9a-f]{8}")
_COUNTS = re.compile("[0-9]{1,9}(?: [0-9]{1,9})*")


class Explorer:
    """Counts in its notes what it has done in each situation, and does the least done.

    Args:
        info: The first ``info`` of the episode.
        rng: For the choice among equals.
    """

    def __init__(self, info: Mapping[str, Any], rng: random.Random) -> None:
        self._actions: tuple[str, ...] = tuple(info["actions"])
        self._vocabulary = frozenset(info["vocabulary"])
        self._rng = rng

    def act(self, observation: Observation, info: Mapping[str, Any]) -> str:
        """The next turn."""
        notes = recall(observation["memory"])
        seen = f"{observation['observation']}\n{observation['status']}"
        # A checksum names the situation: the whole text would not fit, and need not be read back.
        situation = f"{zlib.crc32(seen.encode()):08x}"
        counts = self._counts(notes.get(situation, ""))
        least = min(counts)
        choice = self._rng.choice([i for i, count in enumerate(counts) if count == least])
        counts[choice] += 1
        new = _forget({**notes, situation: " ".join(map(str, counts))})
        return f"{keep(notes, new, self._vocabulary)}{GameAction(self._actions[choice])}"

    def _counts(self, text: str) -> list[int]:
        """How often each action was taken; the count starts over where a note does not tell."""
        counts = [int(count) for count in text.split()] if _COUNTS.fullmatch(text) else []
        return counts if len(counts) == len(self._actions) else [0] * len(self._actions)


def _forget(notes: dict[str, str]) -> dict[str, str]:
    """The notes without the older half of the situations where they have grown too long."""
    if sum(len(f"{key}: {text}\n") for key, text in notes.items()) <= ROOM:
        return notes
    situations = [key for key in notes if _SITUATION.fullmatch(key)]
    old = set(situations[: len(situations) // 2])
    return {key: text for key, text in notes.items() if key not in old}
