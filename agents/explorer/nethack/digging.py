"""Digging down in NetHack: a pick makes a way down of any floor."""

from __future__ import annotations

import re

from agents.explorer.terminal.map import name
from agents.explorer.terminal.path import flood, way
from agents.explorer.terminal.prompt import use
from agents.explorer.terminal.situation import Situation
from agents.explorer.terminal.walk import blocked, set_out

#: Picks by the names under which they lie about and are carried.
PICKS = r"pick-axe|dwarvish mattock|broad pick"
#: How often digging is tried on one level.
_MOST = 60
_TOO_HARD = (
    "wearing a shield",
    "too hard to dig",
    "cannot dig",
    "can't dig",
    "isn't enough room",
    "cannot reach",
)
#: What is in the way in one place only.
_FURNITURE = re.compile(r"(?:stairs|ladder|throne|altar)\b.* too hard")
_LIES_HERE = re.compile(r"You see here|Things that are here|several|many objects")


def dig(s: Situation) -> str | None:
    """Digs a hole in the floor, if there is a pick in the pack."""
    item = _pick(s)
    if item is None or not can_dig(s):
        return None
    tries = int(s.place.get("dug", "0"))
    if _FURNITURE.search(s.message) or name(s.here) in s.listed("undiggable"):
        s.add("undiggable", name(s.here))
        return _aside(s)
    if any(sign in s.message for sign in _TOO_HARD) or tries >= _MOST:
        s.place["dig"] = "too hard"
        return None
    s.place["dug"] = str(tries + 1)
    return use(s, "apply", item[1], "down")


def can_dig(s: Situation) -> bool:
    """Whether there is a pick in the pack, and a floor that it can dig."""
    return _pick(s) is not None and s.place.get("dig") != "too hard"


def has_pick(s: Situation) -> bool:
    """Whether there is a pick in the pack."""
    return _pick(s) is not None


def _pick(s: Situation) -> re.Match[str] | None:
    """The pick in the pack; one that is not paid for would bring the shopkeeper along."""
    item = re.search(rf"^(\w): .*\b({PICKS}).*", s.status, re.MULTILINE)
    return None if item is None or "unpaid" in item[0] else item


def _aside(s: Situation) -> str | None:
    """Goes to the nearest plain floor."""
    before = flood(s.kind, s.here, blocked=blocked(s))
    for cell in before:
        if s.screen.cells[cell] in ".#" and name(cell) not in s.listed("undiggable"):
            return set_out(s, way(before, cell))
    return None


def fetch_pick(s: Situation) -> str | None:
    """Goes to a pick that lies in sight, and picks it up."""
    if re.search(rf"^\w: .*\b({PICKS})", s.status, re.MULTILINE):
        return None
    fetched = int(s.place.get("fetched", "0"))
    if fetched >= 6:
        return None
    if "for sale" in s.message:
        return None
    if re.search(rf"\b({PICKS})", s.message) and _LIES_HERE.search(s.message):
        s.place["fetched"] = str(fetched + 1)
        return "pickup"
    if not re.search(rf"\b({PICKS})s?\b", s.screen.sights):
        return None
    before = flood(s.kind, s.here, blocked=blocked(s))
    gone = s.listed("no pick")
    for cell in before:
        if s.screen.cells[cell] in "()" and name(cell) not in gone:
            s.add("no pick", name(cell))
            return set_out(s, way(before, cell))
    return None
