"""Striking in NetHack with what is stronger than the weapon in hand: wands, spells, missiles."""

from __future__ import annotations

import re

from agents.explorer.terminal.battle import hostile
from agents.explorer.terminal.prompt import use
from agents.explorer.terminal.situation import Situation

#: What is thrown.
_MISSILE = re.compile(
    r"^(\w): (?!.*weapon in hand).*\b(?:daggers?|darts?|shuriken)\b", re.MULTILINE
)
_SLEEP = re.compile(r"^(\w): .*\bwand of sleep \(\d+:[1-9]", re.MULTILINE)
_ENERGY = re.compile(r"\bPw:(\d+)")
#: Part of the hit points below which the wand is used, and how many turns its victims sleep.
_ZAP_BELOW, _SLEEP_TURNS = 0.6, 15
_BOLT = 5
#: From how far things are thrown.
_RANGE = 3


def strike(s: Situation) -> str | None:
    """Strikes a neighbour with a wand or a spell."""
    for direction, called in s.neighbours().items():
        if _at_blows(s, called):
            action = _zap(s, direction) or _cast(s, direction)
            if action is not None:
                return action
    return None


def hurl(s: Situation) -> str | None:
    """Throws something at somebody near, straight or diagonal."""
    missile = _MISSILE.search(s.status)
    if missile is None:
        return None
    for direction, sight in s.sights.items():
        lies = sight.name.endswith((" corpse", " statue"))
        if sight.steps <= _RANGE and not lies and _at_blows(s, sight.name):
            return use(s, "throw", missile[1], direction)
    return None


def _at_blows(s: Situation, called: str) -> bool:
    """Whether the message tells of somebody's blows; without any, they may be peaceful."""
    return f"the {called}" in s.message.lower() and hostile(s, called)


def _zap(s: Situation, direction: str) -> str | None:
    vitals = s.screen.vitals
    wand = _SLEEP.search(s.status)
    if wand is None or vitals.hp >= _ZAP_BELOW * vitals.max_hp:
        return None
    if vitals.turn < s.number("zapped in turn") + _SLEEP_TURNS:
        return None
    s.notes["zapped in turn"] = str(vitals.turn)
    return use(s, "zap", wand[1], direction)


def _cast(s: Situation, direction: str) -> str | None:
    """Casts the first spell of a wizard, which is always the force bolt."""
    energy = _ENERGY.search(s.screen.vitals.line)
    if "spellbook of force bolt" not in s.status or energy is None or int(energy[1]) < _BOLT:
        return None
    return use(s, "cast", "a", direction)
