"""Finds the tiles of a recorded game."""

from __future__ import annotations

from collections.abc import Mapping

import gymnasium

import automem_gym  # noqa: F401  (registers the ids)
from automem_gym.env import load_game
from automem_gym.scene import Tile


def tileset_of(env_id: str) -> Mapping[str, Tile]:
    """The tiles of an environment's game, by character; none where it has none, or is not known.

    Only what is registered already is looked at: an id comes from a recording, and a recording must
    not choose what is imported (``module:Id``).

    Args:
        env_id: Environment id, ``Id`` or ``module:Id``.
    """
    spec = gymnasium.registry.get(env_id.rpartition(":")[2])
    game = spec.kwargs.get("game") if spec is not None else None
    tileset = getattr(load_game(game), "tileset", None) if game is not None else None
    return {} if tileset is None else tileset()
