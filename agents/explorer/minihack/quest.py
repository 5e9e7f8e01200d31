"""The cold of MiniHack's quests, from a wand or a frost horn: against lava, and against enemies."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import NamedTuple

from agents.explorer.terminal.battle import enemies_seen
from agents.explorer.terminal.map import MOVES, STRAIGHT
from agents.explorer.terminal.path import flood, way
from agents.explorer.terminal.prompt import typing, use
from agents.explorer.terminal.situation import Situation
from agents.explorer.terminal.terrain import CREATURE, FLOOR
from agents.explorer.terminal.walk import blocked, set_out

_LAVA = "}"
#: A ray of cold flies at least 7 cells, and may come back from a wall behind the lava.
_NEAREST, _FARTHEST = 1, 6
#: A ray that flies so far without meeting a wall does not come back to where it came from.
_NO_ECHO = 7
#: A ray is well spent on so many enemies; when badly hurt, on one.
_MANY, _HURT = 2, 0.5
#: So many rays an item is sure to have (4), less one that is kept for the lava.
_SPARE = 3
#: Names of the item to the command that uses it; the wand asks less. A wand that is known for
#: another one is none, nor is an item that has run out.
_TOOLS = ((r"wand\b(?! of (?!cold))", "zap"), (r"horn\b", "apply"))


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
        return use(s, *tool, best.direction)
    return set_out(s, way(before, best.cell))


def blast(s: Situation) -> str | None:
    """Freezes enemies that stand in a row, or one in the last need."""
    enemies = set(enemies_seen(s))
    vitals = s.screen.vitals
    enough = 1 if vitals.hp < _HURT * vitals.max_hp else _MANY
    spent = [letter for letter in s.place.get("blasts", "") if letter.isalpha()]
    bare = [letter for letter in spent if spent.count(letter) >= _SPARE]
    tool = _tool(s, bare) if len(enemies) >= enough and s.screen.on_map else None
    if tool is None:
        return None
    hit = {direction: len(enemies & set(_ray(s, direction))) for direction in MOVES}
    best = max(hit, key=lambda direction: hit[direction])
    if hit[best] < enough:
        return None
    s.place["blasts"] = "".join([*spent, tool[1]])
    return use(s, *tool, best)


def _ray(s: Situation, direction: str) -> range:
    """The cells that a ray hits; none where it might come back."""
    offset = MOVES[direction]
    cells = range(s.here + offset, s.here + offset * (_NO_ECHO + 1), offset)
    free = (s.kind[cell] in (FLOOR, CREATURE) or s.screen.cells[cell] == _LAVA for cell in cells)
    return cells if all(free) else range(0)


def notice_empty(s: Situation) -> str | None:
    """Writes down an item that has run out."""
    if "Nothing happens" in s.message and "used" in s.notes:
        s.add("empty", s.notes["used"])
    return None


def _tool(s: Situation, but: Collection[str] = ()) -> tuple[str, str] | None:
    """The command and the letter of the first tool whose letter can be typed."""
    gone = {*s.listed("empty"), *but}
    for noun, command in _TOOLS:
        for letter in re.findall(rf"^(\w): .*\b{noun}", s.status, re.MULTILINE):
            usable = command in s.actions and typing(s, letter) is not None
            if usable and letter not in gone:
                s.notes["used"] = letter
                return command, letter
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
