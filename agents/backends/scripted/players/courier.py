"""The courier's player: the explorer's rules, on the notes of the Crafter player."""

from __future__ import annotations

from agents.backends.scripted.note import Lookup, Note
from agents.backends.scripted.players import crafter
from agents.explorer.crafter.record import MOVES
from agents.explorer.crafter.situation import Situation
from agents.explorer.crafter.view import View
from agents.explorer.players.courier import deliver

_KINDS = ("map", "actions", "strategy")


class Scripted(crafter.Scripted):
    """Brings parcels from the table to the furnace."""

    words = ("courier",)
    signs = frozenset({"Noop", "Do", *MOVES})

    def lookups(self) -> list[Lookup]:
        """The map, the last places and the way it searches; there is nothing else to know."""
        return [lookup for lookup in super().lookups() if lookup.kind in _KINDS]

    def decide(self, s: Situation) -> str:
        """Asks the explorer's rules."""
        return deliver(s)

    def aim(self, s: Situation) -> None:
        """Chooses which way to look for what is not known yet."""
        self.decide(s)

    def vitals(self, view: View) -> list[Note]:
        """A courier has none."""
        return []
