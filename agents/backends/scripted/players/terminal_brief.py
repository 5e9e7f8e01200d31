"""The player of NetHack and MiniHack where prompts are brief: walks to where it has not been."""

from __future__ import annotations

import functools
import re
from typing import ClassVar

from agents.backends.scripted.note import Lookup, Note
from agents.backends.scripted.player import Player
from agents.backends.scripted.walking import STAIRS, Place, Way, cells
from agents.explorer.minihack import sign

SIGN = "sign: "
_DOWN = "stairs down"
_HERE = re.compile(r"\d+\((\d+),(\d+)\)")
#: Where the branches of a Memento task lie: rows north (-) or south of its corridor.
_ROWS = {"4": {"1": -3, "2": -1, "3": 1, "4": 3}, "2": {"1": -3, "2": 3}}
#: The row of that corridor.
_CORRIDOR = 8


class Scripted(Player):
    """Notes places and signs; takes stairs, new ways, and the branch that a sign means."""

    # Two of them, so that it comes before the player of the game's other prompts.
    words: ClassVar[tuple[str, ...]] = (", in brief.", "LOG")
    signs = frozenset({"north", "east", "south", "west"})

    def lookups(self) -> list[Lookup]:
        """The cell, those around it, and the sign where there can be one."""
        around = [self.place.here, *(way.cell for way in self.place.walked())]
        wanted = [Lookup("map", "with", "|".join(around))] if self.place.here else []
        if self.told and (self.prompt.routine == "plan" or self.seen):
            wanted.append(Lookup("strategy", "with", "sign"))
        return wanted

    def outcome(self) -> list[Note]:
        """That it has been here and from where, the stairs beside it, the sign in sight."""
        place, known = self.place, self.notebook.lines("map")
        notes: list[Note] = []
        if place.here:
            notes.append(Note("map", place.arrived(known, self.prompt.last_action)))
        down = place.towards(_DOWN) if "down" in self.prompt.rules.actions else None
        if down and f"{_DOWN} adjacent {down.direction}" in self.prompt.observation:
            notes.append(Note("map", f"{STAIRS}{down.cell}"))
        if self.seen and self.told and not self.noted:
            notes.append(Note("strategy", f"{SIGN}{self.seen}"))
        return notes

    def action(self) -> str:
        """Answers the game, takes the stairs, the branch of the sign, or the best way on."""
        actions = self.prompt.rules.actions
        message = self.prompt.observation
        if not self.place.here:
            asked = "more" if "--More--" in message else "esc"
            return asked if asked in actions else self.rng.choice(actions or ("",))
        notes = self.notebook.lines("map")
        if self.place.here in cells(STAIRS, notes):
            return "down"
        down = self.place.towards(_DOWN)
        if down is not None:
            return down.direction
        ways = self.branch() or self.place.walk(notes, self.prompt.last_action)
        if not ways:
            return "search" if "search" in actions else self.rng.choice(actions or ("",))
        return self.rng.choice(ways).direction

    def branch(self) -> list[Way]:
        """The way to the branch that the sign means; one of them by chance without a sign."""
        found = _HERE.fullmatch(self.place.here)
        if found is None or not self.told:
            return []
        row = int(found[2]) - _CORRIDOR
        east = [way for way in self.place.ways if way.direction == "east"]
        upright = [way for way in self.place.ways if way.direction in ("north", "south")]
        # Off the corridor's row, only within a branch does a way lead back to the west.
        entered = row != 0 and any(way.direction == "west" for way in self.place.ways)
        if not upright or entered:
            return east
        rows = _ROWS[self.told["branches"]]
        known = next((self.told[s] for s in self.noted if s in self.told), None)
        wanted = rows[known] if known else self.rng.choice(list(rows.values()))
        if wanted == row:
            return east
        ahead = "north" if wanted < row else "south"
        return [way for way in upright if way.direction == ahead]

    @functools.cached_property
    def place(self) -> Place:
        """Where the prompt says that one is."""
        return Place(self.prompt)

    @functools.cached_property
    def told(self) -> dict[str, str]:
        """What the goal tells of signs: each to its branch; empty where there are no branches."""
        told = sign.told(self.prompt.rules.text)
        return told if told.get("branches") in _ROWS and len(told) > 1 else {}

    @property
    def seen(self) -> str:
        """The sign in sight; empty where there is none."""
        return sign.seen(self.prompt.observation)

    @property
    def noted(self) -> list[str]:
        """The signs of which the conversation knows a note."""
        lines = self.notebook.lines("strategy")
        return [line.removeprefix(SIGN) for line in lines if line.startswith(SIGN)]
