"""The player of a terminal game: asks its rules in their order, and keeps their notes."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from agents.agent import Observation
from agents.explorer.notes import FILE, keep, lasting, recall
from agents.explorer.terminal.facts import gather, scatter
from agents.explorer.terminal.forms import understood
from agents.explorer.terminal.map import read_map
from agents.explorer.terminal.situation import NOTHING, Situation
from automem_gym import GameAction, MemoryAction

Rule = Callable[[Situation], "str | None"]
"""Decides on an action, or leaves it to the next rule."""


class TerminalPlayer:
    """Plays by rules; the default action is played where none decides.

    Attributes:
        rules: The rules, the most urgent first.

    Args:
        info: The first ``info`` of the episode.
        rng: For the rules' choices.
    """

    rules: ClassVar[tuple[Rule, ...]] = ()

    def __init__(self, info: Mapping[str, Any], rng: random.Random) -> None:
        self._actions: tuple[str, ...] = tuple(info["actions"])
        self._default: str = info["default_action"]
        self._vocabulary = frozenset(info["vocabulary"])
        self._rng = rng

    def act(self, observation: Observation, info: Mapping[str, Any]) -> str:
        """The next turn; where notes lie about that have not been read, it only reads them."""
        screen = read_map(observation["observation"])
        if screen is None:
            return str(GameAction(self._default))
        level = f"level-{screen.vitals.level}.md"
        there = [file for file in (level, FILE) if f"\n{file} (" in f"\n{observation['files']}"]
        memory = observation["memory"]
        unread = any(f"READ {file}: " not in memory for file in there)
        # Once is enough: what the answer has no room for will not be in the next one either.
        if unread and lasting(self._vocabulary) and not memory.startswith(f"READ {there[0]}: "):
            return "".join(str(MemoryAction("READ", file)) for file in there)
        notes, lines = recall(memory), recall(memory, level)
        s = Situation(
            screen,
            observation["status"],
            info.get("surroundings") or {},
            self._actions,
            self._rng,
            # One note at least, because a file that stays empty would be read again in each turn.
            {"keys": NOTHING} | understood(notes),
            {"route": NOTHING} | understood(gather(lines)),
        )
        decided = (done for rule in self.rules if (done := rule(s)) is not None)
        action = GameAction(next(decided, self._default))
        written = keep(notes, s.notes, self._vocabulary)
        # A line whose cell nothing is known of any more stays, and says so.
        new = dict.fromkeys(lines, NOTHING) | scatter(s.place)
        return f"{written}{keep(lines, new, self._vocabulary, level)}{action}"
