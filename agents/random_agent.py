"""The floor of every comparison: valid actions at random, and memory commands among them."""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Any

from agents.agent import Decision, Observation
from automem_gym import GameAction, MemoryAction

_FILE = "notes.md"


class RandomAgent:
    """Plays uniformly random valid actions, and now and then writes or searches its notes.

    Args:
        memory_rate: How often a turn also holds a memory command, in [0, 1].
    """

    def __init__(self, memory_rate: float = 0.05) -> None:
        if not 0 <= memory_rate <= 1:
            raise ValueError(f"memory_rate is in [0, 1], not {memory_rate}")
        self.memory_rate = memory_rate

    def reset(self, observation: Observation, info: Mapping[str, Any], seed: int) -> None:
        """Takes the game's actions, and seeds its choices."""
        self._random = random.Random(seed)
        self._actions = tuple(info["actions"])
        self._vocabulary = frozenset(info.get("vocabulary", ()))

    def act(self, observation: Observation, info: Mapping[str, Any]) -> Decision:
        """Picks an action."""
        name = self._random.choice(self._actions)
        action = str(GameAction(name))
        if self._random.random() < self.memory_rate:
            action = f"{self._command(info['game_step'], name)}{action}"
        return Decision(action)

    def _command(self, step: int, name: str) -> str:
        if self._random.random() < 0.5 and "APPEND" in self._vocabulary:
            return str(MemoryAction("APPEND", _FILE, f"step {step}: {name}"))
        return str(MemoryAction("SEARCH", _FILE, name)) if "SEARCH" in self._vocabulary else ""
