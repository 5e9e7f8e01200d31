"""The courier's player: the explorer's rules, on the notes of the Crafter player."""

from __future__ import annotations

from agents.backends.scripted.note import Note
from agents.backends.scripted.players import crafter
from agents.explorer.crafter.record import MOVES
from agents.explorer.crafter.situation import Situation
from agents.explorer.crafter.view import View
from agents.explorer.players.courier import deliver


class Scripted(crafter.Scripted):
    """Brings parcels from the table to the furnace."""

    words = ("courier",)
    signs = frozenset({"Noop", "Do", *MOVES})
    rules = staticmethod(deliver)

    def aim(self, s: Situation) -> None:
        """Chooses which way to look for what is not known yet."""
        self.rules(s)

    def vitals(self, view: View) -> list[Note]:
        """A courier has none."""
        return []
