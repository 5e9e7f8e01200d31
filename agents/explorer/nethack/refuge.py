"""Refuge in NetHack: whoever stands on the word Elbereth is left alone by most monsters."""

from __future__ import annotations

from agents.explorer.nethack.digging import can_dig, dig
from agents.explorer.nethack.survival import counted
from agents.explorer.terminal.battle import hostile
from agents.explorer.terminal.map import MOVES, name
from agents.explorer.terminal.situation import Situation

#: Part of the hit points below which the word is written, and up to which it is rested upon.
_WRITE_BELOW, _REST_BELOW = 0.4, 0.8
#: How often it is written on one level, and how long one rest is.
_MOST, _REST_TURNS = 6, 20
#: Who does not care for it: humans and elves.
_FEARLESS = "@"


def take_refuge(s: Situation) -> str | None:
    """Writes the word when about to be killed, and rests on it while it holds."""
    attackers = [way for way, called in s.neighbours().items() if hostile(s, called)]
    if any(s.screen.cells[s.here + MOVES[way]] in _FEARLESS for way in attackers):
        return None
    hp, most = s.screen.vitals.hp, s.screen.vitals.max_hp
    refuge, _, hp_then = s.place.get("refuge", "").partition(" ")
    pick = can_dig(s)
    if refuge == name(s.here) and int(hp_then) <= hp:
        # To attack from here would wipe the word out.
        s.place["refuge"] = f"{refuge} {hp}"
        if pick:
            return dig(s)
        return counted(s, _REST_TURNS, "search") if hp < _REST_BELOW * most else None
    if not attackers:
        return None
    written = int(s.place.get("written", "0"))
    # Attackers keep a digger from digging, so that the word is worth its turn at once.
    if (hp >= _WRITE_BELOW * most and not pick) or written >= _MOST:
        return None
    return inscribe(s)


def inscribe(s: Situation) -> str:
    """Begins to write the word."""
    s.place["written"] = str(int(s.place.get("written", "0")) + 1)
    s.place["refuge"] = f"{name(s.here)} {s.screen.vitals.hp}"
    return "engrave"


def write(s: Situation) -> str | None:
    """Answers what the game asks about the writing."""
    if "want to write with?" in s.message:
        return "minus"
    if "add to the current engraving?" in s.message:
        return "n"
    if "want to write in the dust here?" in s.message:
        s.notes["keys"] = "l b e r e t h more"
        return "E"
    return None
