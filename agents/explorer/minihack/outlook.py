"""Exploring where most is to be seen: a step further is worth it for more of the unknown."""

from __future__ import annotations

import os

from agents.explorer.terminal.map import AROUND, cell_of, name
from agents.explorer.terminal.path import WALKABLE, flood, way
from agents.explorer.terminal.situation import Situation
from agents.explorer.terminal.terrain import BARRED, CLOSED_DOOR, UNKNOWN
from agents.explorer.terminal.walk import blocked, set_out

_EASY = WALKABLE | {CLOSED_DOOR}
#: Steps that the sight of an unknown cell is worth, and how often it sets out for the same place.
_WORTH, _TRIES = float(os.environ.get("W", "0.5")), 6


def look_out(s: Situation) -> str | None:
    """Goes where most is to be seen for the way; None where the stairs are known, or nothing is."""
    if ">" in s.screen.cells:
        return None
    kind, seen = s.kind[:], s.listed("stood")
    for cell in map(cell_of, s.listed("locked")):
        kind[cell] = BARRED
    # What stayed blank beside a cell that was stood on is rock: it would have been seen.
    rock = {cell_of(stood) + offset for stood in seen for offset in AROUND}
    before = flood(kind, s.here, _EASY, blocked(s), "northeast" in s.actions)
    tried = s.counts("tried")
    best, least = None, 0.0
    steps = {s.here: 0}
    for cell, last in before.items():
        steps[cell] = steps[last] + (cell != last)
        unknown = sum(
            kind[cell + offset] == UNKNOWN and cell + offset not in rock for offset in AROUND
        )
        cost = steps[cell] - _WORTH * unknown
        if unknown and cell != s.here and tried.get(name(cell), 0) < _TRIES:
            if best is None or cost < least:
                best, least = cell, cost
    if best is None:
        return None
    s.count("tried", name(best), forget=seen)
    return set_out(s, way(before, best))
