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
        here = f"room {self._room}:" if self.prompt.routine == "log" else "digit"
        return [Lookup("map", "with", here)]

    def outcome(self) -> list[Note]:
        """What the room holds; nothing where its sign has not been read yet."""
        said = _SAID.search(self.prompt.observation)
        if said is not None:
            return [Note("map", f"room {self._room}: digit {said[1]} is {said[2]}")]
        return [] if self._sign else [Note("map", f"room {self._room}: no sign")]

    def action(self) -> str:
        """Dials where the next digit is known, reads what is not noted, else walks."""
        digits, read = self._noted()
        dialled = _DIALLED.search(self.prompt.status)
        done, count = (int(dialled[1]), int(dialled[2])) if dialled else (0, 1)
        if len(digits) == count or done:
            if self._room == 1:
                # Who does not know the next digit here waits until it is looked up.
                return f"dial {digits[done + 1]}" if done + 1 in digits else "read"
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
    def _sign(self) -> bool:
        return "There is a sign here." in self.prompt.observation

    def _noted(self) -> tuple[dict[int, str], set[int]]:
        """Number to digit, and the rooms whose signs are noted."""
        lines = self.notebook.lines("map")
        found = [it for line in lines if (it := _DIGIT.fullmatch(line))]
        return {int(it[2]): it[3] for it in found}, {int(it[1]) for it in found}
