"""Walking by the cells that a brief prompt names: to where one has not been, else back.

A brief prompt tells the cell that one stands on and, of each way that can be taken, the cell that
it leads to: ``You are at 1(26,5).`` and ``north 1(26,4)``. So a search for the cells tells which of
the ways are new, and no coordinate has to be counted. A note tells from where one first came to a
cell: where no way is new, that one leads back. In a maze without loops this is a depth-first
search: with all notes made it comes to every cell, and goes along no way more than twice.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from agents.backends.scripted.prompt import Prompt
from agents.backends.scripted.sections import sections
from automem_gym.game import COMPASS

#: What a note about a cell says of it.
BEEN, FROM, STAIRS = "been at ", " from ", "stairs down at "
_STRAIGHT = tuple(way for way, (east, south) in COMPASS.items() if not (east and south))
BACK = {
    way: next(back for back, step in COMPASS.items() if step == (-east, -south))
    for way, (east, south) in COMPASS.items()
}
_CELL = r"\d{1,2}\(\d{1,2},\d{1,2}\)"
_HERE = re.compile(rf"at ({_CELL})\.$", re.MULTILINE)
_WAY = re.compile(rf"^([a-z]+) ({_CELL})( door)?$", re.MULTILINE)
_SIGHT = re.compile(r"^(?P<name>.+) (?:very far|far|very near|near|adjacent) (?P<where>.+)$")
_WINDS = re.compile(r"(north|south)?(east|west)?")


class Way(NamedTuple):
    """A step that can be taken.

    Attributes:
        direction: The action.
        cell: The cell that it leads to.
        door: Whether a door lies that way.
    """

    direction: str
    cell: str
    door: bool


class Place:
    """Where a brief prompt says that one is, and what it shows.

    Args:
        prompt: The conversation.

    Attributes:
        here: The cell; empty where it is not told.
        ways: The ways that can be taken.
        sights: What is in sight, each with the directions that lead there, the best first.
    """

    def __init__(self, prompt: Prompt) -> None:
        found = _HERE.search(prompt.observation)
        self.here = found[1] if found else ""
        told = sections(prompt.scene).get("surroundings", "")
        self.ways = [Way(way, cell, bool(door)) for way, cell, door in _WAY.findall(told)]
        self.sights = [
            (sight["name"], _directions(sight["where"]))
            for sight in map(_SIGHT.match, prompt.observation.split("\n"))
            if sight is not None
        ]

    def walked(self) -> list[Way]:
        """The ways without the diagonal ones beside a straight one: they lead to the same cells."""
        straight = {way.direction for way in self.ways if way.direction in _STRAIGHT}
        return [
            way
            for way in self.ways
            if way.direction in straight or not any(part in way.direction for part in straight)
        ]

    def towards(self, name: str) -> Way | None:
        """The way to what is in sight and is called so; None where there is none."""
        for sight, directions in self.sights:
            if sight == name:
                for direction in directions:
                    for way in self.ways:
                        if way.direction == direction:
                            return way
        return None

    def arrived(self, notes: Iterable[str], last: str) -> str:
        """What to note of being here: the cell, and the way back where the last action tells it.

        Args:
            notes: What is known of cells; what is known of this one is said again.
            last: The last action.
        """
        here = f"{BEEN}{self.here}"
        back = BACK.get(last)
        new = f"{here}{FROM}{back}" if any(way.direction == back for way in self.ways) else here
        return next((note for note in notes if note.partition(FROM)[0] == here), new)

    def walk(self, notes: Iterable[str], last: str) -> list[Way]:
        """The best ways to go on; where there are several, they are equally good.

        New ones count first, doors before others and straight on before a corner. Where none is
        new, it is the way from which one first came here; but not back at once, as a note may be
        wrong.

        Args:
            notes: What is known of cells.
            last: The last action.
        """
        known = list(notes)
        been = cells(BEEN, known)
        ways = self.walked()
        new = [way for way in ways if way.cell not in been]
        if new:
            new = [way for way in new if way.door] or new
            return [way for way in new if way.direction == last] or new[:1]
        back, here = BACK.get(last), f"{BEEN}{self.here}{FROM}"
        came = (way for note in known for way in self.ways if note == f"{here}{way.direction}")
        for way in came:
            if way.direction != back:
                return [way]
        ways = ways or self.ways
        return [way for way in ways if way.direction != back] or ways


def cells(what: str, notes: Iterable[str]) -> set[str]:
    """The cells of which notes say ``what``: :data:`BEEN` or :data:`STAIRS`."""
    said = (note.removeprefix(what) for note in notes if note.startswith(what))
    return {cell.partition(FROM)[0] for cell in said}


def _directions(where: str) -> list[str]:
    """Where a sight lies: of ``eastnortheast`` east, then northeast; of several the first."""
    first = where.replace(" and ", ", ").split(", ")[0]
    for head in _STRAIGHT:
        rest = first.removeprefix(head)
        # Between two of the eight winds: its name is the name of one behind that of the other.
        if first.startswith(head) and len(rest) > len("north") and _WINDS.fullmatch(rest):
            return [head, rest, *re.findall("north|east|south|west", rest)]
    return [first, *re.findall("north|east|south|west", first)]
