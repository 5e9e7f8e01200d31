"""The player of MiniHack's tasks."""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Any

from agents.agent import Observation
from agents.explorer.minihack.boxes import push_boxes
from agents.explorer.minihack.quest import cross_lava
from agents.explorer.terminal.battle import fight, retreat
from agents.explorer.terminal.exploration import explore, search
from agents.explorer.terminal.map import MOVES
from agents.explorer.terminal.prompt import answer
from agents.explorer.terminal.situation import Rule, Situation, decide
from agents.explorer.terminal.walk import follow, learn


def _remember(s: Situation) -> str | None:
    learn(s)
    return None


def _search(s: Situation) -> str | None:
    return search(s, 1)


def _wander(s: Situation) -> str:
    return s.rng.choice([direction for direction in MOVES if direction in s.actions])


#: The most urgent first.
RULES: tuple[Rule, ...] = (
    answer,
    push_boxes,
    _remember,
    retreat,
    fight,
    cross_lava,
    follow,
    explore,
    _search,
    _wander,
)


class Explorer:
    """Explores to the stairs, fights what stands in the way, and crosses the lava of the quests.

    Args:
        info: The first ``info`` of the episode.
        rng: For the choice among equals.
    """

    def __init__(self, info: Mapping[str, Any], rng: random.Random) -> None:
        self._actions: tuple[str, ...] = tuple(info["actions"])
        self._default: str = info["default_action"]
        self._rng = rng

    def act(self, observation: Observation, info: Mapping[str, Any]) -> str:
        """The next turn."""
        return decide(RULES, observation, info, self._actions, self._rng, self._default)
