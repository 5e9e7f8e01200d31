"""A turn of a terminal game as a player's rules see it."""

from __future__ import annotations

import random
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from agents.explorer.terminal.map import CREATURES, MOVES, TerminalMap
from agents.explorer.terminal.terrain import kinds

#: The text of a note that says nothing: notes are replaced, not removed.
NOTHING = "-"
#: Items in a list among the notes: all lists of a level must fit into the answer of one READ.
_LONGEST = 150


@dataclass
class Situation:
    """What a rule decides on.

    Attributes:
        screen: What the observation shows.
        status: The inventory.
        sights: What lies in each direction, from ``info["surroundings"]``.
        actions: The valid actions.
        rng: For choices among equals.
        notes: What is known of the episode; a rule changes it, and it is written back.
        place: What is known of this dungeon level, likewise.
        kind: The kind of every cell of the map.
    """

    screen: TerminalMap
    status: str
    sights: Mapping[str, Any]
    actions: Collection[str]
    rng: random.Random
    notes: dict[str, str]
    place: dict[str, str]
    kind: bytearray = field(init=False)

    def __post_init__(self) -> None:
        self.kind = kinds(self.screen.cells)

    @property
    def here(self) -> int:
        """The player's cell."""
        return self.screen.here

    @property
    def message(self) -> str:
        """The message."""
        return self.screen.message

    def number(self, key: str) -> int:
        """A number among the notes of the episode; 0 where there is none."""
        return int(self.notes.get(key, "0"))

    def listed(self, key: str) -> list[str]:
        """A list among the notes of the level."""
        text = self.place.get(key, NOTHING)
        return [] if text == NOTHING else text.split()

    def add(self, key: str, item: str, longest: int = _LONGEST) -> None:
        """Adds to a list among the notes of the level; the oldest go when it becomes too long."""
        items = self.listed(key)
        if item not in items:
            self.place[key] = " ".join([*items, item][-longest:])

    def counts(self, key: str) -> dict[str, int]:
        """Counts by name among the notes of the level, as in ``12,5=3 13,5=1``."""
        entries = (entry.partition("=") for entry in self.listed(key))
        return {item: int(count) for item, _, count in entries}

    def count(self, key: str, item: str, more: int = 1, forget: Collection[str] = ()) -> None:
        """Raises one of these counts, and drops those of the items to forget."""
        counts = self.counts(key)
        counts[item] = counts.get(item, 0) + more
        kept = [f"{item}={count}" for item, count in counts.items() if item not in forget]
        self.place[key] = " ".join(kept[-_LONGEST:]) or NOTHING

    def neighbours(self) -> dict[str, str]:
        """The creatures in the next cells: direction to name; statues are none."""
        found = {}
        cells, here = self.screen.cells, self.here
        for direction, offset in MOVES.items():
            if cells[here + offset] in CREATURES:
                sight = self.sights.get(direction)
                called = sight.name if sight is not None and sight.steps == 1 else ""
                if not called.endswith("statue"):
                    found[direction] = called
        return found
