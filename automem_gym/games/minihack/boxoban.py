"""MiniHack's Boxoban with levels that follow the seed, mended for nle 1.3."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from automem_gym.games.minihack.boxoban_levels import LevelSource
from automem_gym.games.minihack.library import (
    MOVE_ACTIONS,
    BoxoHack,
    MiniHackNavigation,
    arguments,
    construct,
)
from automem_gym.games.minihack.tasks import Task


class Boxoban(BoxoHack):  # type: ignore[misc]  # MiniHack ships no types
    """MiniHack's Boxoban, which plays the level that it is given.

    The reward is that of MiniHack's own tasks: 1 for the solution, else 0.1 for every box that
    goes onto a goal (less 0.1 for one that leaves it) and -0.001 for every step.
    """

    # nle 1.3 asks inside reset whether the episode is over, before BoxoHack has found the goals.
    _goal_pos_set = frozenset[tuple[int, int]]()

    def __init__(self, level: str, **kwargs: Any):
        self._flags = ()
        self._time_penalty = -0.001
        self._reward_shaping_coefficient = 0.1
        self.set_level(level)
        kwargs.setdefault("actions", MOVE_ACTIONS)
        # BoxoHack's own constructor reads the levels that its installation does not have.
        MiniHackNavigation.__init__(self, des_file=self.get_lvl_gen().get_des(), **kwargs)

    def set_level(self, level: str) -> None:
        """Decides which level the next reset starts: rows joined by newlines."""
        # BoxoHack draws one of its levels at every reset, with a generator of its own.
        self._levels = [f"{level}\n"]


def make(task: Task, source: LevelSource, options: Mapping[str, Any]) -> Boxoban:
    """Makes the environment of a Boxoban task."""
    env: Boxoban = construct(Boxoban, {"level": source(0), **arguments(task, options)}, options)
    return env
