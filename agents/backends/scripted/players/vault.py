"""The player of the vault (``examples/vault.py``): notes rooms, dials digits."""

from __future__ import annotations

import re

from agents.backends.scripted.note import Lookup, Note
from agents.backends.scripted.player import Player

_DIGIT = re.compile(r"room (\d+): digit (\d) is (\d)")
_SAID = re.compile(r"Digit (\d) of the code is (\d)\.")
_ROOM = re.compile(r"You are in room (\d+)\.")
_DIALLED = re.compile(r"Digits dialled: (\d) of (\d)")


class Scripted(Player):
    """Walks to and fro, reads signs that it has not noted; with all digits, goes and dials."""

    words = ("vault",)
    signs = frozenset({"west", "east", "read", "dial 0"})

    def lookups(self) -> list[Lookup]:
        """LOG wants to know what is noted of the room, PLAN which digits are."""
        if self.prompt.routine == "log":
            return [Lookup("map", "with", f"room {self._room}:")]
        return [Lookup("map", "with", f"digit {self._next}" if self._room == 1 else "digit")]

    def outcome(self) -> list[Note]:
        """What the room holds; nothing where its sign has not been read yet."""
        said = _SAID.search(self.prompt.observation)
        if said is not None:
            return [Note("map", f"room {self._room}: digit {said[1]} is {said[2]}")]
        return [] if self._sign else [Note("map", f"room {self._room}: no sign")]

    def action(self) -> str:
        """Dials where the next digit is known, reads what is not noted, else walks."""
        digits, read = self._noted()
        if self._room == 1:
            if self._next in digits:
                return f"dial {digits[self._next]}"
            # Who has begun to dial, and has not looked, waits until it does.
            return "read" if self._next > 1 and not self.prompt.asked else "east"
        if len(digits) == self._dialled[1]:
            return "west"
        just_read = _SAID.search(self.prompt.observation) is not None
        if self._sign and self._room not in read and not just_read:
            return "read"
        return self._walk()

    def _walk(self) -> str:
        """On in the direction of the last move, back at a wall; eastward after anything else."""
        heading = self.prompt.last_action if self.prompt.last_action == "west" else "east"
        if self.prompt.surroundings.get(heading) is not None:
            heading = "west" if heading == "east" else "east"
        return heading

    @property
    def _room(self) -> int:
        found = _ROOM.search(self.prompt.observation)
        return int(found[1]) if found else 0

    @property
    def _next(self) -> int:
        """Which digit is to be dialled next, from 1."""
        return self._dialled[0] + 1

    @property
    def _dialled(self) -> tuple[int, int]:
        """How many digits are dialled, and how many there are."""
        found = _DIALLED.search(self.prompt.status)
        return (int(found[1]), int(found[2])) if found else (0, 0)

    @property
    def _sign(self) -> bool:
        return "There is a sign here." in self.prompt.observation

    def _noted(self) -> tuple[dict[int, str], set[int]]:
        """Number to digit, and the rooms whose signs are noted."""
        lines = self.notebook.lines("map")
        found = [it for line in lines if (it := _DIGIT.fullmatch(line))]
        return {int(it[2]): it[3] for it in found}, {int(it[1]) for it in found}
