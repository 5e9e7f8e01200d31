"""The player of NetHack: goes down, fights neighbours, prays and eats in need."""

from __future__ import annotations

import dataclasses

from agents.backends.scripted.note import Lookup, Note
from agents.backends.scripted.terminal import TerminalPlayer
from agents.explorer.nethack.digging import dig
from agents.explorer.nethack.question import reply
from agents.explorer.nethack.survival import counted, eat, pray, rest
from agents.explorer.terminal.battle import fight
from agents.explorer.terminal.exploration import explore, search
from agents.explorer.terminal.map import MOVES, name
from agents.explorer.terminal.situation import NOTHING, Situation

#: Turns of one search.
_SEARCH = 10
#: Actions without the game's time going on, after which anything is tried.
_PATIENCE = 10
#: Part of the hit points below which it rests when nobody is near.
_REST_BELOW = 0.6
_STAIRS_HERE = ("staircase down here", "ladder down here")
_NO_STAIRS = "can't go down here"
_PRAYED = "prayed in turn "


def _descend(s: Situation) -> str | None:
    """Goes down where it stands on a way down."""
    known = name(s.here) in s.listed("ways down")
    if _NO_STAIRS in s.message or not (known or any(words in s.message for words in _STAIRS_HERE)):
        return None
    return "down"


def _search(s: Situation) -> str | None:
    action = search(s, _SEARCH)
    return action if action != "search" else counted(s, _SEARCH, action)


class Scripted(TerminalPlayer):
    """Explores to the stairs down, or digs; fights neighbours, prays, eats and rests on the way."""

    words = ("NetHack",)
    signs = frozenset({"north", "far north", "down", "pray", "esc", "more"})
    rules = (reply, pray, _descend, fight, eat, rest, dig, explore, _search)

    def lookups(self) -> list[Lookup]:
        """Also when it prayed last, when that matters."""
        wanted = super().lookups()
        if self._screen is not None and self._in_need:
            wanted.append(Lookup("strategy", "with", _PRAYED.strip()))
        return wanted

    def outcome(self) -> list[Note]:
        """Also a prayer."""
        notes = super().outcome()
        if self._screen is not None and self.prompt.last_action == "pray":
            notes.append(Note("strategy", f"{_PRAYED}{max(self._screen.vitals.turn, 0)}"))
        return notes

    def conclude(self, s: Situation) -> None:
        """Also rests, and what came of digging."""
        super().conclude(s)
        if self.prompt.last_action == "search" and s.screen.vitals.hp < (
            _REST_BELOW * s.screen.vitals.max_hp
        ):
            s.place["rests"] = str(int(s.place.get("rests", "0")) + 1)
        if self.prompt.last_action == "apply":
            s.place["dug"] = str(int(s.place.get("dug", "0")) + 1)
        if _NO_STAIRS in s.message:
            s.add("no way down", name(s.here))
        trial = dataclasses.replace(s, notes=dict(s.notes), place=dict(s.place))
        dig(trial)
        s.place |= {key: trial.place[key] for key in ("dig", "undiggable") if key in trial.place}

    def action(self) -> str:
        """Tries anything when nothing has worked for a while."""
        if self._screen is not None and self._trail.stalled() >= _PATIENCE:
            return self.rng.choice([*MOVES, "esc", "more", "search"])
        return super().action() or "esc"

    def notes(self) -> dict[str, str]:
        """Also the last prayer."""
        turns = [
            line.removeprefix(_PRAYED)
            for line in self.notebook.lines("strategy")
            if line.startswith(_PRAYED)
        ]
        prayed = {"prayed in turn": turns[-1]} if turns and turns[-1].isdigit() else {}
        return {"keys": NOTHING} | prayed

    @property
    def _in_need(self) -> bool:
        assert self._screen is not None
        s = self._situation
        return pray(dataclasses.replace(s, notes=dict(s.notes))) is not None
