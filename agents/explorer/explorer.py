"""The explorer: finds the player for the game at hand."""

from __future__ import annotations

import importlib
import importlib.util
import random
from collections.abc import Mapping
from typing import Any, Protocol

from agents.agent import Decision, Observation


class Player(Protocol):
    """A scripted player of one game.

    It keeps nothing between turns but its generator: all it knows comes from the observation, in
    which it also finds the notes that it read in the turn before.
    """

    def act(self, observation: Observation, info: Mapping[str, Any]) -> str:
        """The next turn, as text."""


class Explorer:
    """Plays with the player of the game at hand.

    A module ``agents.explorer.GAME`` (the game's name in lower case) has a class ``Explorer`` with
    the arguments (info, rng); games without one are played by ``agents.explorer.general``.
    """

    def reset(self, observation: Observation, info: Mapping[str, Any], seed: int) -> None:
        """Chooses the player."""
        module = f"{__package__}.{str(info['game']).lower()}"
        if not str(info["game"]).isidentifier() or importlib.util.find_spec(module) is None:
            module = f"{__package__}.general"
        self._player: Player = importlib.import_module(module).Explorer(info, random.Random(seed))

    def act(self, observation: Observation, info: Mapping[str, Any]) -> Decision:
        """Asks the player."""
        return Decision(self._player.act(observation, info))
