"""Fighting: whom, and where to stand."""

from __future__ import annotations

from agents.explorer.path import flood, way
from agents.explorer.situation import Situation
from agents.explorer.terminal_map import CREATURES, MOVES, distance
from agents.explorer.walk import blocked, set_out

#: Creatures that are left alone: to touch them is worse than anything they do by themselves.
_HANDS_OFF = (
    *("floating eye", "blue jelly", "gas spore", "gelatinous cube", "acid blob", "brown mold"),
    *("green mold", "red mold", "yellow mold", "cockatrice", "chickatrice", "spotted jelly"),
    *("shopkeeper", "watchman", "watch captain", "guard", "oracle", "aligned priest"),
)
#: From how many steps away the way back into a corridor is worth taking.
_RETREAT = 12


def hostile(s: Situation, called: str) -> bool:
    """Whether a creature should be attacked."""
    peaceful = s.notes.get("peaceful", "").split(", ")
    return (
        not called.startswith(("tame ", "peaceful "))
        and called not in _HANDS_OFF
        and called not in peaceful
    )


def fight(s: Situation) -> str | None:
    """Attacks a hostile neighbour."""
    for direction, called in s.neighbours().items():
        if hostile(s, called) and direction in s.actions:
            return direction
    return None


def retreat(s: Situation) -> str | None:
    """Goes back into a corridor from a fight with many, so that only one can attack at a time."""
    cells, here = s.screen.cells, s.here
    enemies = sum(hostile(s, called) for called in s.neighbours().values())
    seen = sum(
        1
        for cell, sign in enumerate(cells)
        if sign in CREATURES and cell != here and distance(cell, here) <= 2
    )
    if not enemies or seen < 2 or _narrow(s, here):
        return None
    before = flood(s.kind, here, blocked=blocked(s), diagonal="northeast" in s.actions)
    for cell in before:
        if cell != here and _narrow(s, cell):
            cells_of_way = way(before, cell)
            return set_out(s, cells_of_way) if len(cells_of_way) <= _RETREAT else None
    return None


def _narrow(s: Situation, cell: int) -> bool:
    """Whether a corridor goes on from here at two sides at most, and none is a room."""
    if s.screen.cells[cell] not in "#@":
        return False
    around = [s.screen.cells[cell + offset] for offset in MOVES.values()]
    return "#" in around and sum(sign not in " |-" for sign in around) <= 2 + (
        s.screen.cells[cell] == "@"
    )
