"""The player of NetHack: dives; digs, fights and takes refuge as the explorer does."""

from __future__ import annotations

import dataclasses
import re

from agents.backends.scripted.note import Lookup, Note
from agents.backends.scripted.terminal import TerminalPlayer
from agents.explorer.nethack.branch import climb, learn_branch
from agents.explorer.nethack.digging import PICKS, can_dig, dig
from agents.explorer.nethack.question import reply
from agents.explorer.nethack.refuge import inscribe
from agents.explorer.nethack.spoils import loot, watch
from agents.explorer.nethack.survival import counted, heal, pray, rest
from agents.explorer.nethack.tactics import TACTICS
from agents.explorer.terminal.exploration import explore, search
from agents.explorer.terminal.map import MOVES, cell_of, name
from agents.explorer.terminal.situation import Situation

#: Turns of one search.
_SEARCH = 10
#: Actions without the game's time going on, after which anything is tried.
_PATIENCE = 10
#: Part of the hit points below which it rests when nobody is near.
_REST_BELOW = 0.6
_STAIRS_HERE = ("staircase down here", "ladder down here")
_NO_STAIRS = "can't go down here"
#: Notes on when something was done last: the action to the key of the explorer's note.
_TIMES = {"pray": "prayed in turn", "zap": "zapped in turn"}
_TIME = re.compile("(prayed in turn|zapped in turn) ([0-9]{1,9})")
_OVERVIEW = re.compile("overview of level ([0-9]{1,2}): (main|mines)")
#: What is engraved, and the question behind which stands how much of it has been typed.
_WORD, _WRITING = "Elbereth", re.compile(r"want to write in the dust here\? *(\w*)")
_HERE = re.compile(r"You (?:see|feel) here|objects here|Things that are here")


def _write(s: Situation) -> str | None:
    """Types the word of refuge on."""
    writing = _WRITING.search(s.message)
    if writing is None:
        return None
    return _WORD[len(writing[1])] if len(writing[1]) < len(_WORD) else "more"


def _descend(s: Situation) -> str | None:
    """Goes down where it stands on a way down."""
    known = name(s.here) in s.listed("ways down")
    if _NO_STAIRS in s.message or not (known or any(words in s.message for words in _STAIRS_HERE)):
        return None
    # Whoever digs leaves the stairs alone once it knows the branch: they may lead into the Mines.
    return None if "branch" in s.notes and can_dig(s) else "down"


def _search(s: Situation) -> str | None:
    action = search(s, _SEARCH)
    return action if action != "search" else counted(s, _SEARCH, action)


class Scripted(TerminalPlayer):
    """Explores to the stairs down, or digs; fights, prays, eats, rests and hides on the way."""

    words = ("NetHack",)
    signs = frozenset({"north", "far north", "down", "pray", "esc", "more"})
    uses = (
        _write,
        reply,
        pray,
        heal,
        _descend,
        *TACTICS,
    )
    rules = (*uses, rest, explore, _search)

    def lookups(self) -> list[Lookup]:
        """Also when it prayed and zapped last, and the branch, when that matters."""
        wanted = super().lookups()
        if self._screen is None:
            return wanted
        s = self._situation
        words = [
            *([_TIMES["pray"]] if pray(_trial(s)) is not None else []),
            *([_TIMES["zap"]] if "wand of sleep" in s.status else []),
            *(["overview of level"] if can_dig(s) else []),
        ]
        return wanted + [Lookup("strategy", "with", word) for word in words]

    def outcome(self) -> list[Note]:
        """Also prayers, zaps, and what the overview says."""
        notes, screen = super().outcome(), self._screen
        if screen is None:
            return notes
        time = _TIMES.get(self.prompt.last_action)
        if time is not None:
            notes.append(Note("strategy", f"{time} {max(screen.vitals.turn, 0)}"))
        known, now = self.notes(), self._situation.notes
        if now.get("overview of") != known.get("overview of"):
            line = f"overview of level {now['overview of']}: {now['branch']}"
            notes.append(Note("strategy", line, state=True))
        return notes

    def conclude(self, s: Situation) -> None:
        """Also rests, spoils, the word of refuge, and what came of digging."""
        super().conclude(s)
        learn_branch(s)
        trial = _trial(s)
        climb(trial)
        s.notes |= {key: trial.notes[key] for key in ("overview of",) if key in trial.notes}
        if self.prompt.last_action == "engrave":
            self._begin_refuge(s)
        if not self._at_map(s.screen):
            return
        self._count(s)
        self._watch(s)
        if _NO_STAIRS in s.message:
            s.add("no way down", name(s.here))
        trial = _trial(s)
        dig(trial)
        s.place |= {key: trial.place[key] for key in ("dig", "undiggable") if key in trial.place}

    def action(self) -> str:
        """Tries anything when nothing has worked for a while."""
        if self._screen is not None and self._trail.stalled() >= _PATIENCE:
            return self.rng.choice([*MOVES, "esc", "more", "search"])
        return super().action() or "esc"

    def notes(self) -> dict[str, str]:
        """Also the last prayer and zap, and the branch."""
        notes = super().notes()
        for line in self.notebook.lines("strategy"):
            time, overview = _TIME.fullmatch(line), _OVERVIEW.fullmatch(line)
            if time is not None:
                notes[time[1]] = time[2]
            if overview is not None:
                notes |= {"overview of": overview[1], "branch": overview[2]}
        return notes

    def _count(self, s: Situation) -> None:
        """Counts what is done so often only on a level."""
        vitals, last = s.screen.vitals, self.prompt.last_action
        done = {
            "rests": last == "search" and vitals.hp < _REST_BELOW * vitals.max_hp,
            "dug": last == "apply",
            "fetched": last == "pickup",
        }
        for key in (key for key, counts in done.items() if counts):
            s.place[key] = str(int(s.place.get(key, "0")) + 1)

    def _begin_refuge(self, s: Situation) -> None:
        """Notes where the word of refuge is written."""
        last = self._trail.before(self.prompt.step)
        if last is not None:
            there = dataclasses.replace(s.screen, here=cell_of(last.cell))
            inscribe(dataclasses.replace(s, screen=there))

    def _watch(self, s: Situation) -> None:
        """Notes whom it killed, what lies about, and whether the word of refuge holds."""
        here = name(s.here)
        stairs = s.screen.cells.find("<")
        if stairs >= 0:
            s.place["stairs up"] = name(stairs)
        watch(s)
        taken = self.prompt.last_action == "pickup" or loot(_trial(s)) != "pickup"
        if here in s.listed("spoils") and taken:
            s.add("looted", here)
        if _HERE.search(s.message) and not re.search(PICKS, s.message):
            s.add("no pick", here)
        cell, _, hp = s.place.get("refuge", "").partition(" ")
        if cell == here and int(hp) <= s.screen.vitals.hp:
            s.place["refuge"] = f"{cell} {s.screen.vitals.hp}"


def _trial(s: Situation) -> Situation:
    """The same situation with notes of its own."""
    return dataclasses.replace(s, notes=dict(s.notes), place=dict(s.place))
