"""The player of MiniHack's tasks."""

from __future__ import annotations

from agents.explorer.minihack.boxes import push_boxes
from agents.explorer.minihack.quest import cross_lava
from agents.explorer.terminal.battle import fight, retreat
from agents.explorer.terminal.exploration import explore, search
from agents.explorer.terminal.map import MOVES
from agents.explorer.terminal.player import TerminalPlayer
from agents.explorer.terminal.prompt import answer
from agents.explorer.terminal.situation import Situation
from agents.explorer.terminal.walk import follow, learn


def _remember(s: Situation) -> str | None:
    learn(s)
    return None


def _search(s: Situation) -> str | None:
    return search(s, 1)


def _wander(s: Situation) -> str:
    return s.rng.choice([direction for direction in MOVES if direction in s.actions])


class Explorer(TerminalPlayer):
    """Explores to the stairs, fights what stands in the way, and crosses the lava of the quests."""

    rules = (
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
