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
from agents.explorer.terminal.player import Rule, TerminalPlayer
from agents.explorer.terminal.prompt import answer
from agents.explorer.terminal.situation import Situation
from agents.explorer.terminal.walk import follow, learn


def _remember(s: Situation) -> str | None:
    learn(s)
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


class _Battle(TerminalPlayer):
    """Does so where enemies wait: the nearest is explored first, so that the way back is short."""

    rules = tuple(rule for rule in _Stairs.rules if rule is not look_out)


class _Branches(TerminalPlayer):
    """Goes to the end of the branch that the sign at the start means (Memento)."""

    rules = (_remember, judge, fight, take_branch, explore, _wander)


def _opening(kind: type[TerminalPlayer], *rules: Rule) -> type[TerminalPlayer]:
    """The player of the first game step, which another kind of player then follows."""

    class Opening(TerminalPlayer):
        pass

    Opening.rules = (begin, *rules, *kind.rules)
    return Opening


class Explorer:
    """Plays to the stairs, or to the end of the right branch where the instructions name branches.

    Args:
        info: The first ``info`` of the episode.
        rng: For the choices among equals.
    """

    def __init__(self, info: Mapping[str, Any], rng: random.Random) -> None:
        instructions: str = info["instructions"]
        kind: type[TerminalPlayer] = _Stairs
        rules: tuple[Rule, ...] = ()
        if "branches" in instructions:
            kind, rules = _Branches, (partial(read_sign, told=told(instructions)),)
        elif "defeat" in instructions:
            kind = _Battle
        self._first, self._later = _opening(kind, *rules)(info, rng), kind(info, rng)

    def act(self, observation: Observation, info: Mapping[str, Any]) -> str:
        """The next turn."""
        player = self._later if info["game_step"] else self._first
        return player.act(observation, info)
