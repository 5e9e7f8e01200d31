"""Crossing the lava of MiniHack's quests with a wand of cold or a frost horn."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from agents.explorer.terminal.map import MOVES, STRAIGHT
from agents.explorer.terminal.path import flood, way
from agents.explorer.terminal.prompt import typing, use
from agents.explorer.terminal.situation import Situation
from agents.explorer.terminal.terrain import FLOOR
from agents.explorer.terminal.walk import blocked, set_out

_LAVA = "}"
#: A ray of cold flies at least 7 cells, and may come back from a wall behind the lava.
_NEAREST, _FARTHEST = 1, 6
#: Item to the command that uses it; the wand asks less.
_TOOLS = {"wand": "zap", "horn": "apply"}


class Shot(NamedTuple):
    """A place to freeze lava from.

    Attributes:
        beyond: How many cells of known floor lie behind the lava.
        away: Steps from the place to the lava.
        cell: The place.
        direction: Where the lava lies.
    """

    beyond: int
    away: int
    cell: int
    direction: str


def cross_lava(s: Situation) -> str | None:
    """Freezes lava that bars the way; None where there is none, or nothing to freeze it with."""
    if _LAVA not in s.screen.cells:
        return None
    tool = _tool(s)
    if tool is None:
        return None
    before = flood(s.kind, s.here, blocked=blocked(s))
    best = max(_shots(s, before), default=None)
    if best is None:
        return None
    if best.cell == s.here:
        return use(s, tool[0], tool[1], best.direction)
    return set_out(s, way(before, best.cell))


def _tool(s: Situation) -> tuple[str, str] | None:
    """The command and the letter of the first tool whose letter can be typed."""
    for noun, command in _TOOLS.items():
        item = re.search(rf"^(\w): .*\b{noun}\b", s.status, re.MULTILINE)
        if item is not None and command in s.actions and typing(s, item[1]) is not None:
            return command, item[1]
    return None


def _shots(s: Situation, before: dict[int, int]) -> Iterator[Shot]:
    for cell in before:
        for direction in STRAIGHT:
            offset = MOVES[direction]
            away = 1
            while s.kind[cell + offset * away] == FLOOR:
                away += 1
            if not _NEAREST <= away <= _FARTHEST or s.screen.cells[cell + offset * away] != _LAVA:
                continue
            far = cell + offset * away
            while s.screen.cells[far] == _LAVA:
                far += offset
            beyond = 0
            while s.kind[far + offset * beyond] == FLOOR:
                beyond += 1
            if beyond and far not in before:
                yield Shot(beyond, away, cell, direction)
