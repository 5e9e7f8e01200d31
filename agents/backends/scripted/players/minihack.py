"""The player of MiniHack's tasks: explores to the stairs, fights what stands in the way."""

from __future__ import annotations

from agents.backends.scripted.terminal import TerminalPlayer
from agents.explorer.minihack.quest import cross_lava
from agents.explorer.terminal.battle import fight, retreat
from agents.explorer.terminal.exploration import explore, search
from agents.explorer.terminal.map import MOVES
from agents.explorer.terminal.prompt import answer
from agents.explorer.terminal.situation import Situation


def _search(s: Situation) -> str | None:
    return search(s, 1)


def _wander(s: Situation) -> str:
    return s.rng.choice([direction for direction in MOVES if direction in s.actions])


class Scripted(TerminalPlayer):
    """Explores to the stairs, fights what stands in the way, and crosses the lava of the quests."""

    words = ("MiniHack",)
    signs = frozenset({"north", "east", "south", "west"})
    rules = (answer, retreat, fight, cross_lava, explore, _search, _wander)
