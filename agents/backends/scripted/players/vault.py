"""The player of the vault (``examples/vault.py``): notes the digits, and dials them in order."""

from __future__ import annotations

import re

from agents.backends.scripted.note import Lookup, Note
from agents.backends.scripted.player import Player

_DIGIT = re.compile(r"digit (\d) of the code: (\d), in room (\d+)")
_SAID = re.compile(r"Digit (\d) of the code is (\d)\.")
_ROOM = re.compile(r"You are in room (\d+)\.")
_DIALLED = re.compile(r"Digits dialled: (\d) of (\d)")
_MOVE = re.compile(r"step \d+: (east|west)\b")


class Scripted(Player):
    """Walks east and reads each sign that it has not noted; with all digits, goes and dials."""

    words = ("vault",)
    signs = frozenset({"west", "east", "read", "dial 0"})

    def lookups(self) -> list[Lookup]:
        """The digits that are noted, and the last moves."""
        return [Lookup("map", "with", "digit"), Lookup("actions", "last", "4")]

    def outcome(self) -> list[Note]:
        """A digit that was read, and what was done."""
        notes = []
        said = _SAID.search(self.prompt.observation)
        if said is not None:
            notes.append(
                Note("map", f"digit {said[1]} of the code: {said[2]}, in room {self._room}")
            )
        if self.prompt.last_action:
            done = f"step {self.prompt.step}: {self.prompt.last_action} -> room {self._room}"
            notes.append(Note("actions", done, state=True))
        return notes

    def action(self) -> str:
        """Dials where the next digit is known, reads what is not noted, else walks."""
        digits, read = self._noted()
        dialled = _DIALLED.search(self.prompt.status)
        done, count = (int(dialled[1]), int(dialled[2])) if dialled else (0, 1)
        if len(digits) == count or done:
            if self._room == 1 and done + 1 in digits:
                return f"dial {digits[done + 1]}"
            return "west" if self._room != 1 else self._walk()
        just_read = _SAID.search(self.prompt.observation) is not None
        sign = "There is a sign here." in self.prompt.observation
        if sign and self._room not in read and not just_read:
            return "read"
        return self._walk()

    def _walk(self) -> str:
        """On in the direction of the last move, and back at a wall."""
        moves = [
            found[1] for line in self.notebook.lines("actions") if (found := _MOVE.match(line))
        ]
        heading = moves[-1] if moves else self.rng.choice(["east", "west"])
        wall = self.prompt.surroundings.get(heading)
        if wall is not None:
            heading = "west" if heading == "east" else "east"
        return heading

    @property
    def _room(self) -> int:
        found = _ROOM.search(self.prompt.observation)
        return int(found[1]) if found else 0

    def _noted(self) -> tuple[dict[int, str], set[int]]:
        """Number to digit, and the rooms whose signs are noted."""
        lines = self.notebook.lines("map")
        found = [it for line in lines if (it := _DIGIT.fullmatch(line))]
        return {int(it[1]): it[2] for it in found}, {int(it[3]) for it in found}
