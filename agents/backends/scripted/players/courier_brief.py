"""The courier's player where prompts are brief: goes to what is in view, else straight on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from agents.backends.scripted.note import Lookup, Note
from agents.backends.scripted.players import crafter_brief

_MOVES = ("Move West", "Move East", "Move North", "Move South")


class Scripted(crafter_brief.Scripted):
    """Brings parcels from the table to the furnace; notes which way it left each of them."""

    words: ClassVar[tuple[str, ...]] = (", in brief.", "LOG", "parcels")
    signs = frozenset({"Noop", "Do", *_MOVES})

    def lookups(self) -> list[Lookup]:
        """Nothing: it knows no place."""
        return []

    def outcome(self) -> list[Note]:
        """Nothing."""
        return []

    def _wishes(self) -> Iterator[str]:
        yield self._go("furnace" if self._have["parcel"] else "table")
        yield self._on()
