"""The world of one episode: the ground, the objects, and what is seen where."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np

from automem_gym.games.crafter.draws import Draws

Cell = tuple[int, int]  # x grows to the east, y to the south
Chunk = tuple[int, int]
View = Sequence[Sequence[str | None]]  # columns from west to east, each from north to south

CHUNK_SIZE = 12
VIEW_SIZE = (9, 7)  # width, height
_RIM = (VIEW_SIZE[0] // 2, VIEW_SIZE[1] // 2)


class World:
    """Stands in for ``crafter.engine.World``: crafter's own objects live in it unchanged.

    It differs in keeping the objects of a chunk in order of arrival (crafter's sets are ordered by
    memory address, so that its episodes cannot be repeated), and in plain lists and dictionaries
    where crafter indexes arrays cell by cell.

    Args:
        area: Width and height in cells.
        seed: The seed of the world's random numbers.

    Attributes:
        random: What all random numbers of the episode are drawn from.
        daylight: How bright it is, in [0, 1].
        places: Where each object is, in order of arrival.
        chunks: The objects of each chunk, in order of arrival, of chunks that ever held one.
        ground: The material of each cell, ``ground[x][y]``; change it through the world itself.
    """

    def __init__(self, area: Cell, seed: int) -> None:
        self.area = area
        self.random = Draws(seed)
        self.daylight = 0.0
        self.places: dict[Any, Cell] = {}
        self.chunks: dict[Chunk, dict[Any, None]] = {}
        self._objects: dict[Cell, Any] = {}
        self.ground: list[list[str]] = []
        self._seen: list[list[str | None]] = []
        self._counts: dict[Chunk, Counter[str]] = {}

    def lay(self, ground: list[list[str]]) -> None:
        """Lays the ground, before the first object comes.

        Args:
            ground: Names of materials, ``ground[x][y]``.
        """
        self.ground = ground
        # A rim as wide as half a view, so that views at the edge of the world are no special case.
        outside: list[str | None] = [None] * (self.area[1] + 2 * _RIM[1])
        rim: list[str | None] = [None] * _RIM[1]
        self._seen = [[*rim, *column, *rim] for column in ground]
        self._seen = [outside] * _RIM[0] + self._seen + [outside] * _RIM[0]
        for x, column in enumerate(ground):
            for y in range(0, self.area[1], CHUNK_SIZE):
                counts = self._counts.setdefault(_chunk(x, y), Counter())
                counts.update(column[y : y + CHUNK_SIZE])

    def __getitem__(self, pos: Any) -> tuple[str | None, Any]:
        """The material and the object (or None) at a cell; None twice outside the world."""
        x, y = pos
        if 0 <= x < self.area[0] and 0 <= y < self.area[1]:
            return self.ground[x][y], self._objects.get((x, y))
        return None, None

    def __setitem__(self, pos: Any, material: str) -> None:
        x, y = map(int, pos)
        counts = self._counts[_chunk(x, y)]
        counts[self.ground[x][y]] -= 1
        counts[material] += 1
        self.ground[x][y] = material
        if (x, y) not in self._objects:
            self._show(x, y, material)

    @property
    def objects(self) -> list[Any]:
        """All objects in order of arrival, in a new list."""
        return list(self.places)

    def add(self, thing: Any) -> None:
        """Puts an object at its ``pos``, which must hold no other."""
        thing.pos = np.array(thing.pos)
        x, y = thing.pos.tolist()
        self._enter(thing, x, y)
        self.chunks.setdefault(_chunk(x, y), {})[thing] = None

    def remove(self, thing: Any) -> None:
        """Takes an object out; nothing happens if it is out already."""
        if thing.removed:
            return
        x, y = self.places.pop(thing)
        self._leave(x, y)
        del self.chunks[_chunk(x, y)][thing]
        thing.removed = True

    def move(self, thing: Any, pos: Any) -> None:
        """Moves an object to a cell, which must hold no other."""
        if thing.removed:
            return
        old_x, old_y = self.places[thing]
        x, y = map(int, pos)
        self._leave(old_x, old_y)
        self._enter(thing, x, y)
        old, new = _chunk(old_x, old_y), _chunk(x, y)
        if old != new:
            del self.chunks[old][thing]
            self.chunks.setdefault(new, {})[thing] = None
        thing.pos = np.array((x, y))

    def nearby(self, pos: Any, distance: int) -> tuple[set[str], set[Any]]:
        """The materials and the objects in the square around a cell.

        As in crafter both are empty where the square reaches over a low edge of the world, so that
        nothing can be made there.
        """
        x, y = map(int, pos)
        xs = range(self.area[0])[x - distance : x + distance + 1]
        ys = range(self.area[1])[y - distance : y + distance + 1]
        cells = [(x, y) for x in xs for y in ys]
        objects = {self._objects[cell] for cell in cells if cell in self._objects}
        return {self.ground[x][y] for x, y in cells}, objects

    def count(self, chunk: Chunk, material: str) -> int:
        """How many cells of a chunk are of a material."""
        return self._counts[chunk][material]

    def cells(self, chunk: Chunk, material: str) -> list[Cell]:
        """The cells of a chunk that are of a material, column by column."""
        (left, top), (width, height) = (CHUNK_SIZE * i for i in chunk), self.area
        return [
            (x, y)
            for x in range(left, min(left + CHUNK_SIZE, width))
            for y in range(top, min(top + CHUNK_SIZE, height))
            if self.ground[x][y] == material
        ]

    def view(self, center: Cell) -> View:
        """The names of what is seen around a cell; None outside the world."""
        x, y = center  # in ``_seen``, these are the view's north-western corner
        bottom = y + VIEW_SIZE[1]
        return [column[y:bottom] for column in self._seen[x : x + VIEW_SIZE[0]]]

    def _enter(self, thing: Any, x: int, y: int) -> None:
        assert (x, y) not in self._objects, "two objects in one cell"
        self.places[thing] = x, y
        self._objects[x, y] = thing
        self._show(x, y, type(thing).__name__.lower())

    def _leave(self, x: int, y: int) -> None:
        del self._objects[x, y]
        self._show(x, y, self.ground[x][y])

    def _show(self, x: int, y: int, name: str) -> None:
        self._seen[x + _RIM[0]][y + _RIM[1]] = name


def _chunk(x: int, y: int) -> Chunk:
    return x // CHUNK_SIZE, y // CHUNK_SIZE
