"""Exploring where most is to be seen: a step further is worth it for more of the unknown."""

from __future__ import annotations

from agents.explorer.terminal.exploration import TRIES, bar
from agents.explorer.terminal.map import AROUND, name
from agents.explorer.terminal.path import WALKABLE, flood, way
from agents.explorer.terminal.situation import Situation
from agents.explorer.terminal.terrain import CLOSED_DOOR, UNKNOWN
from agents.explorer.terminal.walk import blocked, set_out

_EASY = WALKABLE | {CLOSED_DOOR}
#: Steps that the sight of an unknown cell is worth: without it every bend of a corridor is visited.
_WORTH = 1.5


def look_out(s: Situation) -> str | None:
    """Goes where most is to be seen for the way; None where the stairs are known, or nothing is."""
    if ">" in s.screen.cells:
        return None
    bar(s)
    before = flood(s.kind, s.here, _EASY, blocked(s), "northeast" in s.actions)
    tried = s.counts("tried")
    steps, costs = {s.here: 0}, {}
    for cell, last in before.items():
        steps[cell] = steps[last] + 1
        around = (cell + offset for offset in AROUND)
        unknown = sum(s.kind[near] == UNKNOWN for near in around)
        if unknown and cell != s.here and tried.get(name(cell), 0) < TRIES:
            costs[cell] = steps[cell] - _WORTH * unknown
    if not costs:
        return None
    best = min(costs, key=lambda cell: costs[cell])
    s.count("tried", name(best), forget=s.listed("stood"))
    return set_out(s, way(before, best))
