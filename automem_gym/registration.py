"""How a game becomes an environment id."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import gymnasium

from automem_gym.game import Game

#: What Gymnasium calls to make an environment of a game.
ENTRY_POINT = "automem_gym.env:AutoMemEnv"
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_\-]*")


def register_game(
    name: str,
    entry_point: str | Callable[..., Game],
    *,
    game_name: str | None = None,
    max_game_steps: int | None = None,
    **game_kwargs: Any,
) -> str:
    """Registers a game, so that ``gymnasium.make("AutoMem-NAME-v0")`` makes an environment of it.

    Args:
        name: Name for the id: letters, digits, ``_`` and ``-``.
        entry_point: The game's class as ``"module:Name"``, or the class itself. The string form is
            imported only when an environment is made, in worker processes too.
        game_name: Name under which scaffolds and players are looked up; ``name`` by default. Ids
            that differ only in a task share it.
        max_game_steps: Game steps after which an episode is truncated; None for no limit.
        **game_kwargs: Defaults for the game's arguments; ``make`` may override them.

    Returns:
        The id.

    Raises:
        ValueError: The name cannot be part of an id.
    """
    if not _NAME.fullmatch(name):
        raise ValueError(
            f"{name!r} cannot be part of an id: letters, digits, '_' and '-', a letter first"
        )
    environment_id = f"AutoMem-{name}-v0"
    gymnasium.register(
        id=environment_id,
        entry_point=ENTRY_POINT,
        # Texts, not arrays; and the step limit counts game steps, which Gymnasium's own would not.
        max_episode_steps=None,
        kwargs={
            "game": entry_point,
            "game_name": game_name or name,
            "max_game_steps": max_game_steps,
            **game_kwargs,
        },
    )
    return environment_id
