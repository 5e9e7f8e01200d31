"""Staying alive in NetHack: praying, eating, resting."""

from __future__ import annotations

import re

from agents.explorer.terminal.battle import hostile
from agents.explorer.terminal.map import CREATURES, distance
from agents.explorer.terminal.prompt import use
from agents.explorer.terminal.situation import Situation

#: A god helps at less than a seventh of the hit points or below 6 (NetHack 3.6, pray.c).
_SEVENTH, _FEW = 7, 6
#: Part of the hit points below which a potion is drunk.
_DRINK_BELOW = 0.35
#: Prayer timeout starts at 300, falls by one a turn, and may be up to 200 in major trouble; after a
#: prayer it is 50 to 1,000, mostly a few hundred: who is dying need not wait for the worst case.
_FIRST_PRAYER, _NEXT_PRAYER = 100, 500
#: Part of the hit points below which it rests while nobody is near, and how often on one level.
_REST_BELOW, _MOST_RESTS, _REST_TURNS = 0.6, 25, 20
_NEAR = 9
#: What is safe to eat at any age, best first.
_FOOD = (
    *("food ration", "cram ration", "lembas wafer", "K-ration", "C-ration", "pancake"),
    *("fortune cookie", "candy bar", "cream pie", "melon", "banana", "orange", "apple", "pear"),
    *("carrot", "lump of royal jelly", "clove of garlic", "kelp frond", "tripe ration"),
)


def pray(s: Situation) -> str | None:
    """Prays when about to die or weak with hunger, if the last prayer is long ago."""
    vitals = s.screen.vitals
    dying = vitals.hp < _FEW or vitals.hp * _SEVENTH < vitals.max_hp
    if not dying and not re.search(r"\b(Weak|Fainting)\b", vitals.line):
        return None
    prayed = s.notes.get("prayed in turn")
    if vitals.turn < (_FIRST_PRAYER if prayed is None else int(prayed) + _NEXT_PRAYER):
        return None
    s.notes["prayed in turn"] = str(vitals.turn)
    return "pray"


def heal(s: Situation) -> str | None:
    """Drinks a potion of healing when it may die of the next blows."""
    vitals = s.screen.vitals
    if vitals.hp >= max(_DRINK_BELOW * vitals.max_hp, _FEW):
        return None
    potion = re.search(r"^(\w): .*\bpotions? of (?:extra |full )?healing", s.status, re.MULTILINE)
    return use(s, "quaff", potion[1]) if potion is not None else None


def eat(s: Situation) -> str | None:
    """Eats something safe when hungry."""
    if not re.search(r"\b(Hungry|Weak|Fainting)\b", s.screen.vitals.line):
        return None
    for food in _FOOD:
        item = re.search(rf"^(\w): .*\b{re.escape(food)}", s.status, re.MULTILINE)
        if item is not None:
            return use(s, "eat", item[1])
    return None


def rest(s: Situation) -> str | None:
    """Waits for hit points to come back while nobody is near."""
    vitals = s.screen.vitals
    rests = int(s.place.get("rests", "0"))
    if vitals.hp >= _REST_BELOW * vitals.max_hp or rests >= _MOST_RESTS or company(s):
        return None
    s.place["rests"] = str(rests + 1)
    return counted(s, _REST_TURNS, "search")


def company(s: Situation) -> bool:
    """Whether a creature that may be hostile is near."""
    near = s.neighbours()
    tame = sum(not hostile(s, called) for called in near.values())
    seen = sum(
        sign in CREATURES and 0 < distance(cell, s.here) <= _NEAR
        for cell, sign in enumerate(s.screen.cells)
        if sign != " "
    )
    pets = s.screen.sights.count("tame ") + s.screen.sights.count("statue")
    return seen > max(tame, pets)


def counted(s: Situation, turns: int, action: str) -> str:
    """Repeats an action by a count, which is typed before it."""
    digits = str(turns)
    s.notes["keys"] = " ".join([*digits[1:], action])
    return digits[0]
