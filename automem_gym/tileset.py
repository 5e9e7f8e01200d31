"""Finds the tiles of a recorded game."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import gymnasium

import automem_gym  # noqa: F401  (registers the ids)
from automem_gym.env import load_game
from automem_gym.registration import ENTRY_POINT
from automem_gym.scene import Tile


def tileset_of(env_id: str) -> Mapping[str, Tile]:
    """The tiles of an environment's game, by character; none where it has none, or is not known.

    Only what is registered already is looked at: an id comes from a recording, and a recording must
    not choose what is imported (``module:Id``).

    Args:
        env_id: Environment id, ``Id`` or ``module:Id``.
    """
    spec = gymnasium.registry.get(env_id.rpartition(":")[2])
    if spec is None or spec.entry_point != ENTRY_POINT:
        return {}
    game: Any = load_game(spec.kwargs["game"])
    tiles: Mapping[str, Tile] = game.tileset() if hasattr(game, "tileset") else {}
    return tiles
