"""The explorer: finds the player for the game at hand."""

from __future__ import annotations

import importlib
import pkgutil
import random
from collections.abc import Mapping
from typing import Any, Protocol

from agents.agent import Decision, Observation
from agents.explorer import players


class Player(Protocol):
    """A scripted player of one game.

    It keeps nothing between turns but its generator: all it knows comes from the observation, in
    which it also finds the notes that it read in the turn before.
    """

    def act(self, observation: Observation, info: Mapping[str, Any]) -> str:
        """The next turn, as text."""


class Explorer:
    """Plays with the player of the game at hand.

    A module ``agents.explorer.players.GAME`` (the game's name in lower case) has a class
    ``Explorer`` with the arguments (info, rng); ``general`` plays the games without one.
    """

    def reset(self, observation: Observation, info: Mapping[str, Any], seed: int) -> None:
        """Chooses the player."""
        game = str(info["game"]).lower()
        known = {module.name for module in pkgutil.iter_modules(players.__path__)}
        name = f"{players.__name__}.{game if game in known else 'general'}"
        module = importlib.import_module(name)
        self._player: Player = module.Explorer(info, random.Random(seed))

    def act(self, observation: Observation, info: Mapping[str, Any]) -> Decision:
        """Asks the player."""
        return Decision(self._player.act(observation, info))
