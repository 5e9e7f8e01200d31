"""Spoils in NetHack: killed dwarves often leave a pick, hidden under their corpse."""

from __future__ import annotations

import re

from agents.explorer.nethack.digging import PICKS, has_pick
from agents.explorer.terminal.map import MOVES, cell_of, name
from agents.explorer.terminal.path import flood, way
from agents.explorer.terminal.situation import NOTHING, Situation
from agents.explorer.terminal.walk import blocked, set_out

#: Up to which distance somebody is killed, and how often it sets out for the same place.
_RANGE, _TRIES = 3, 6
_HEAP = re.compile(rf"Things that are here|objects here|\b(?:{PICKS})")


def watch(s: Situation) -> str | None:
    """Writes down where dwarves stand, and where they fell."""
    standing = [
        name(s.here + MOVES[direction] * sight.steps)
        for direction, sight in s.sights.items()
        if sight.name == "dwarf" and sight.steps <= _RANGE
    ]
    if "kill the dwarf" in s.message:
        for cell in s.listed("dwarves"):
            if cell not in standing:
                s.add("spoils", cell)
    s.place["dwarves"] = " ".join(standing) or NOTHING
    return None


def loot(s: Situation) -> str | None:
    """Goes where a dwarf fell, and looks through what lies there."""
    spoils = [cell for cell in s.listed("spoils") if cell not in s.listed("looted")]
    if not spoils or has_pick(s):
        return None
    if name(s.here) in spoils:
        s.add("looted", name(s.here))
        return "pickup" if _HEAP.search(s.message) else None
    before = flood(s.kind, s.here, blocked=blocked(s))
    tried = s.counts("tried")
    for spoil in spoils:
        if cell_of(spoil) in before and tried.get(spoil, 0) < _TRIES:
            s.count("tried", spoil)
            return set_out(s, way(before, cell_of(spoil)))
    return None
