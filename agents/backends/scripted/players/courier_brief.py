"""The courier's player where prompts are brief: goes to what is in view, else straight on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from agents.backends.scripted.note import Lookup, Note
from agents.backends.scripted.players import crafter_brief
from agents.explorer.crafter.record import MOVES


class Scripted(crafter_brief.Scripted):
    """Brings parcels from the table to the furnace, as far as it finds them without a note."""

    words: ClassVar[tuple[str, ...]] = (", in brief.", "LOG", "parcels")
    signs = frozenset({"Noop", "Do", *MOVES})

    def lookups(self) -> list[Lookup]:
        """Nothing: it knows no place."""
        return []

    def outcome(self) -> list[Note]:
        """Nothing."""
        return []

    def _wishes(self) -> Iterator[str]:
        yield self._go("furnace" if self._have["parcel"] else "table")
        yield self._on()
