"""The player of Boxoban: a level is solved once, and the solution noted."""

from __future__ import annotations

import re

from agents.backends.scripted.note import Lookup, Note
from agents.backends.scripted.players import minihack
from agents.explorer.minihack.boxes import push_boxes
from agents.explorer.terminal.map import MOVES, STRAIGHT
from agents.explorer.terminal.situation import NOTHING, Situation

_BOXES_AND_GOALS = "`{"
_SOLUTION = re.compile(r"boxes from step (\d{1,6}): ([a-z]+(?: [a-z]+)*)")


class Scripted(minihack.Scripted):
    """Pushes the boxes as the notes say; solves the level where they say nothing."""

    words = ("MiniHack", "Boxoban")

    def lookups(self) -> list[Lookup]:
        """Only the solution: all else is in sight."""
        return [Lookup("strategy", "with", "boxes from step")]

    def outcome(self) -> list[Note]:
        """The solution, where there is none for this step yet."""
        if self._screen is None or self._solution is not None:
            return []
        s = self._situation
        first = push_boxes(s)
        if first is None:
            return []
        rest = s.place["solution"]
        moves = first if rest == NOTHING else f"{first} {rest}"
        return [Note("strategy", f"boxes from step {self.prompt.step}: {moves}", state=True)]

    def decide(self, s: Situation) -> str:
        """The next move of the solution; without one, what any level of MiniHack asks for."""
        if self._solution is not None:
            s.place["solution"] = self._solution
        elif self.prompt.step == 0 and (harmless := _harmless(s)):
            return harmless
        return push_boxes(s) or super().decide(s)

    @property
    def _solution(self) -> str | None:
        """What is left of the last solution that was noted; None where that is nothing."""
        noted = filter(None, map(_SOLUTION.fullmatch, self.notebook.lines("strategy")))
        last = list(noted)[-1:]
        if not last:
            return None
        done = self.prompt.step - int(last[0][1])
        left = last[0][2].split()[done:] if done >= 0 else []
        return " ".join(left) or None


def _harmless(s: Situation) -> str | None:
    """A first move that hides no goal, into a wall if it can be: LOG, which notes, comes after."""
    ways = {way: s.screen.cells[s.here + MOVES[way]] for way in STRAIGHT}
    free = [way for way, sign in ways.items() if sign not in _BOXES_AND_GOALS]
    return min(free, key=lambda way: ways[way] == ".", default=None)
