"""The player of MiniHack's tasks: explores to the stairs, fights what stands in the way."""

from __future__ import annotations

import functools
import re
from typing import ClassVar

from agents.backends.scripted.note import Lookup, Note
from agents.backends.scripted.sections import sections
from agents.backends.scripted.terminal import TerminalPlayer
from agents.explorer.minihack import sign
from agents.explorer.minihack.fork import judge, read_sign, take_branch
from agents.explorer.minihack.hidden import search_on
from agents.explorer.minihack.outlook import look_out
from agents.explorer.minihack.quest import blast, cross_lava, notice_empty
from agents.explorer.terminal.battle import fight, retreat
from agents.explorer.terminal.exploration import explore
from agents.explorer.terminal.map import MOVES
from agents.explorer.terminal.player import Rule
from agents.explorer.terminal.prompt import answer
from agents.explorer.terminal.situation import NOTHING, Situation

#: Under these words stands the sign of the start, and what signs mean.
_SIGN = "sign at the start: "
_MEANS = "sign of a branch: "
#: LOG first looks after the first step, from where the sign is still in sight.
_EARLY = 1
_MEANING = re.compile(rf"{_MEANS}([a-z ]+): ([1-9]|not [1-9](?: [1-9])*)")


def _wander(s: Situation) -> str:
    return s.rng.choice([direction for direction in MOVES if direction in s.actions])


_USES: tuple[Rule, ...] = (answer, blast, retreat, fight, cross_lava)
_STAIRS = (*_USES, look_out, explore, search_on, _wander)
#: Where enemies wait, the nearest is explored first, so that the way back is short.
_BATTLE = tuple(rule for rule in _STAIRS if rule is not look_out)
_BRANCHES: tuple[Rule, ...] = (fight, take_branch, explore, _wander)


class Scripted(TerminalPlayer):
    """Explores to the stairs, or to the end of the branch that the sign at the start means."""

    words: ClassVar[tuple[str, ...]] = ("MiniHack",)
    signs = frozenset({"north", "east", "south", "west"})
    uses = _USES

    def lookups(self) -> list[Lookup]:
        """Also the sign, where one tells the way."""
        wanted = super().lookups()
        if self._forked:
            wanted.append(Lookup("strategy", "with", "sign"))
        return wanted

    def outcome(self) -> list[Note]:
        """Also the sign, and what the branch shows of its meaning."""
        notes = super().outcome()
        if self._screen is None or not self._forked:
            return notes
        s = self._situation
        known = self.notes()
        if s.notes.get("sign") != known.get("sign"):
            notes.append(Note("strategy", f"{_SIGN}{s.notes['sign']}", state=True))
        notes += [
            Note("strategy", f"{_MEANS}{key}: {text}", state=True)
            for key, text in s.notes.items()
            if sign.is_sign(key) and text != known.get(key)
        ]
        return notes

    def conclude(self, s: Situation) -> None:
        """Also which branch it goes to, and whether that is the right one."""
        super().conclude(s)
        if not self._forked:
            self._spend(s)
            return
        if sign.seen(s.screen.sights) and ("sign" not in s.notes or self.prompt.step <= _EARLY):
            read_sign(s, {})
        judge(s)
        take_branch(s)

    def decide(self, s: Situation) -> str:
        """Asks the rules for the task at hand."""
        rules = _STAIRS
        if self._forked:
            rules = _BRANCHES
        elif "defeat" in self._instructions:
            rules = _BATTLE
        return self.ask(rules, s)

    def notes(self) -> dict[str, str]:
        """Also the sign, and what signs mean."""
        notes = super().notes()
        if not self._forked:
            return notes
        lines = self.notebook.lines("strategy")
        for meaning in filter(None, map(_MEANING.fullmatch, lines)):
            notes[meaning[1]] = meaning[2]
        signs = [line.removeprefix(_SIGN) for line in lines if line.startswith(_SIGN)]
        if signs:
            notes["sign"] = signs[-1]
        return notes | sign.told(self._instructions)

    def _spend(self, s: Situation) -> None:
        """Notes the ray that it is asked about, and that an item has run out."""
        if "What do you want to " in s.message:
            meant = self.recall_intent(s)
            s.place["used"] = meant.notes.get("item", NOTHING)
            s.place["blasts"] = meant.place.get("blasts", NOTHING)
        s.notes["used"] = s.place.get("used", NOTHING)
        if s.notes["used"] != NOTHING:
            notice_empty(s)

    @functools.cached_property
    def _instructions(self) -> str:
        text = self.prompt.rules.text
        return sections(text).get("instructions", text)

    @property
    def _forked(self) -> bool:
        """Whether a sign tells which branch to take."""
        return "branches" in self._instructions
