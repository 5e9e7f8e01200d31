"""What a model should know at a game step: what the game shows, what came of the last action."""

from __future__ import annotations

import operator
from collections.abc import Mapping
from typing import Any

from agents.agent import Observation
from agents.dialogue.introduction import Introduction
from automem_gym.game import COMPASS

#: Fewest steps of each distance, farthest first: the words in which the games' texts say it.
DISTANCES = ((20, "very far"), (6, "far"), (3, "near"), (2, "very near"), (0, "adjacent"))


def distance(steps: int) -> str:
    """The word for a distance."""
    return next(word for fewest, word in DISTANCES if steps >= fewest)


def surroundings(sights: Mapping[str, Any] | None) -> list[dict[str, Any]] | None:
    """What lies in the eight directions, as the prompts take it.

    Args:
        sights: ``info["surroundings"]``: direction to name and steps; None where there is none.

    Raises:
        TypeError: It is something else.
    """
    if sights is None:
        return None
    if not isinstance(sights, Mapping):
        raise TypeError(f"info['surroundings'] is a mapping by direction, not {sights!r:.80}")
    ways = [way for way in COMPASS if way in sights]
    ways += [way for way in sights if way not in COMPASS]
    return [_sight(way, sights[way]) for way in ways]


def _sight(way: str, sight: Any) -> dict[str, Any]:
    try:
        name, steps = sight
        # Plain numbers: an environment that reads them from an array may give that array's own.
        steps = operator.index(steps)
        word = distance(steps) if steps >= 0 else ""
    except (TypeError, ValueError):
        name, word = None, ""
    if not isinstance(name, str) or not word:
        raise TypeError(
            f"info['surroundings'][{way!r}] is a name and a whole number of steps, such as "
            f"('door', 3), not {sight!r:.80}"
        )
    return {"direction": way, "name": str(name), "steps": steps, "distance": word}


class Situation:
    """Follows an episode from game step to game step.

    Args:
        introduction: What the first ``info`` of the episode tells.
        stuck_steps: Game steps without any change that count as being stuck.
    """

    def __init__(self, introduction: Introduction, stuck_steps: int) -> None:
        self._always = {
            "game": introduction.game,
            "actions": list(introduction.actions),
            "default_action": introduction.default_action,
        }
        self._stuck_steps = stuck_steps
        self._seen: tuple[str, str] | None = None
        self._same = 0

    def see(self, observation: Observation, info: Mapping[str, Any]) -> dict[str, Any]:
        """The variables of a game step; to be asked once when it begins.

        Args:
            observation: The first observation of the game step.
            info: Its ``info``.

        Returns:
            The variables of prompts (:mod:`agents.scaffold.prompts.variables`) that are the same in
            all prompts of the step, and ``game``, which hooks are told, too.
        """
        seen = (observation["observation"], observation["status"])
        first, unchanged = self._seen is None, seen == self._seen
        self._seen = seen
        self._same = self._same + 1 if unchanged else 0
        wanted = None if first else info.get("invalid_action")
        return {
            **self._always,
            "observation": observation["observation"],
            "status": observation["status"],
            "files": observation["files"],
            "game_step": info["game_step"],
            "last_action": "" if first else info.get("executed_action") or "",
            "chosen_action": wanted or "",
            "failed": wanted is not None,
            "unchanged": unchanged,
            "stuck": self._same if self._same >= self._stuck_steps else 0,
            "surroundings": surroundings(info.get("surroundings")),
            "results": observation["memory"],
        }
