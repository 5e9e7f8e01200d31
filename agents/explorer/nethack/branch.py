"""Branches of NetHack's dungeon: the Gnomish Mines end soon, the main branch goes on."""

from __future__ import annotations

import re

from agents.explorer.nethack.digging import can_dig
from agents.explorer.terminal.exploration import approach
from agents.explorer.terminal.map import cell_of, name
from agents.explorer.terminal.path import WALKABLE, flood, way
from agents.explorer.terminal.situation import NOTHING, Situation
from agents.explorer.terminal.terrain import CREATURE
from agents.explorer.terminal.walk import blocked

#: The levels of the Mines from which it is not too far back; the main branch is above them.
_LEVELS = range(3, 10)
_HERE = "<- You are here"
#: Creatures in the way are met one by one.
_ENTER = WALKABLE | {CREATURE}
#: The headings of the overview; the levels stand under that of their branch.
_BRANCH = re.compile(r"^(?!Level )([^:\n]+):", re.MULTILINE)


def learn_branch(s: Situation) -> str | None:
    """Notes what the overview of the dungeon says."""
    before, here, _ = s.message.partition(_HERE)
    if here:
        branch = _BRANCH.findall(before)[-1:]
        s.notes["branch"] = "mines" if branch == ["The Gnomish Mines"] else "main"
        s.notes["overview of"] = str(s.screen.vitals.level)
    return None


def climb(s: Situation) -> str | None:
    """Goes back up to the main branch with a pick, because it can be dug down much further."""
    level = s.screen.vitals.level
    if level not in _LEVELS and "overview of" in s.notes:
        # Levels of both branches have the same numbers: what was seen of one tells nothing now.
        s.notes["overview of"] = "0"
    if s.notes.get("branch") == "main" or level not in _LEVELS or not can_dig(s):
        return None
    if s.number("overview of") != level:
        return "overview"
    if "can't go up here" in s.message:
        s.place["stairs up"] = NOTHING
    stairs = s.place.get("stairs up", NOTHING)
    if stairs == NOTHING:
        return None
    if stairs == name(s.here):
        return "up"
    before = flood(s.kind, s.here, _ENTER, blocked(s))
    if cell_of(stairs) not in before:
        return None
    return approach(s, way(before, cell_of(stairs)))
