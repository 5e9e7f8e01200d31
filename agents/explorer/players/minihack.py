"""The player of MiniHack's tasks."""

from __future__ import annotations

import random
from collections.abc import Mapping
from functools import partial
from typing import Any

from agents.agent import Observation
from agents.explorer.minihack.boxes import push_boxes
from agents.explorer.minihack.fork import judge, read_sign, take_branch
from agents.explorer.minihack.hidden import search_on
from agents.explorer.minihack.outlook import look_out
from agents.explorer.minihack.quest import blast, cross_lava, notice_empty
from agents.explorer.minihack.sign import told
from agents.explorer.minihack.start import begin
from agents.explorer.terminal.battle import fight, retreat
from agents.explorer.terminal.exploration import explore
from agents.explorer.terminal.map import MOVES
from agents.explorer.terminal.player import TerminalPlayer
from agents.explorer.terminal.prompt import answer
from agents.explorer.terminal.situation import NOTHING, Situation
from agents.explorer.terminal.walk import follow, learn


def _remember(s: Situation) -> str | None:
    blocked = s.place.get("blocked", NOTHING)
    learn(s)
    # That will pass: the door is only stuck.
    if "door resists" in s.message:
        s.place["blocked"] = blocked
    return None


def _wander(s: Situation) -> str:
    return s.rng.choice([direction for direction in MOVES if direction in s.actions])


class _Stairs(TerminalPlayer):
    """Explores to the stairs, fights what stands in the way, and crosses the lava of the quests."""

    rules = (
        answer,
        push_boxes,
        _remember,
        notice_empty,
        blast,
        retreat,
        fight,
        cross_lava,
        follow,
        look_out,
        explore,
        search_on,
        _wander,
    )


class _StairsFirst(TerminalPlayer):
    """Begins so."""

    rules = (begin, *_Stairs.rules)


class _Branches(TerminalPlayer):
    """Goes to the end of the branch that the sign at the start means (Memento)."""

    rules = (_remember, judge, fight, take_branch, explore, _wander)


def _branches_first(instructions: str) -> type[TerminalPlayer]:
    """The player of the beginning, who reads the sign, and the instructions if they explain it."""

    class First(TerminalPlayer):
        rules = (begin, partial(read_sign, told=told(instructions)), *_Branches.rules)

    return First


class Explorer:
    """Plays to the stairs, or to the end of the right branch where the instructions name branches.

    Args:
        info: The first ``info`` of the episode.
        rng: For the choices among equals.
    """

    def __init__(self, info: Mapping[str, Any], rng: random.Random) -> None:
        instructions: str = info["instructions"]
        first: type[TerminalPlayer] = _StairsFirst
        later: type[TerminalPlayer] = _Stairs
        if "branches" in instructions:
            first, later = _branches_first(instructions), _Branches
        self._first, self._later = first(info, rng), later(info, rng)

    def act(self, observation: Observation, info: Mapping[str, Any]) -> str:
        """The next turn."""
        player = self._later if info["game_step"] else self._first
        return player.act(observation, info)
