"""A chart of the world of Crafter, drawn while walking and kept as text.

A line tells what is known of a tile of 8 x 4 cells, its rows from north to south, or where the
world ends::

    from 8 -4: ..T..... ..?..... SSS..... CSSS..T.
    edge east: 31
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from agents.explorer.crafter.cells import NEIGHBOURS, SIDE
from agents.explorer.crafter.view import COMPASS, CREATURES, GROUND, RAYS, REACH, Cell, View

HALF = SIDE // 2
#: Width and height of a tile.
TILE: Cell = (8, 4)
#: How things are drawn. Creatures other than cows are not, for they move.
SYMBOLS = {
    "tree": "T", "stone": "S", "coal": "C", "iron": "I", "diamond": "D", "water": "W",
    "lava": "L", "table": "t", "furnace": "f", "plant": "p", "cow": "c",
}  # fmt: skip
GRASS, FREE, UNSEEN, UNCLEAR, ROCK, EDGE = ",", ".", "_", "?", "s", "#"
#: What one can walk on.
WALKABLE = GRASS + FREE
#: What is drawn as some rock where nothing else can be.
ROCKS = frozenset("SCID")
#: What keeps everything out; arrows fly over water and lava.
SOLID = frozenset("TsSCIDWtfp#")

_ALL = WALKABLE + UNSEEN + UNCLEAR + ROCK + EDGE + "".join(SYMBOLS.values())
_CODES = np.frombuffer(_ALL.encode(), np.uint8)[:, None]
_FOREIGN = re.compile(f"[^{re.escape(_ALL)} ]")
#: Any line of a chart.
LINE = re.compile(r"(?:from -?[0-9]{1,2} -?[0-9]{1,2}|edge (?:north|east|south|west)): .+")
_TILE_LINE = re.compile(r"from (-?[0-9]{1,2}) (-?[0-9]{1,2}): (\S{8} \S{8} \S{8} \S{8})")
_EDGE_LINE = re.compile(r"edge (north|east|south|west): (-?[0-9]{1,2})")
#: The ground on which things are.
_GROUNDS = {
    "grass": GRASS,
    "sand": FREE,
    "path": FREE,
    "zombie": GRASS,
    "skeleton": FREE,
    "arrow": FREE,
}
_KEPT = frozenset((WALKABLE + EDGE).encode())
#: The cells in view that are nearer than so many steps, and all of them.
_STEPS = np.add.outer(*(np.abs(np.arange(-reach, reach + 1)) for reach in (REACH[1], REACH[0])))
_NEARER = [steps > _STEPS for steps in range(sum(REACH) + 2)]
# The usual world is taken for granted; a smaller one shows its edges.
WORLD = 32
_BLANK = np.full((SIDE, SIDE), ord(EDGE), np.uint8)
_BLANK[HALF - WORLD : HALF + WORLD, HALF - WORLD : HALF + WORLD] = ord(UNSEEN)


#: From a cell to the corners of the view around it, in units of its reach.
_CORNERS = ((-1, -1), (1, 1))


def index(cell: Cell) -> int:
    """The place of a cell in the chart."""
    return (cell[1] + HALF) * SIDE + cell[0] + HALF


def cell(place: int) -> Cell:
    """The cell of a place in the chart, seen from the start of the episode."""
    return place % SIDE - HALF, place // SIDE - HALF


def inside(cell: Cell) -> bool:
    """Whether a cell is on the chart."""
    return all(-HALF <= place < HALF for place in cell)


class Chart:
    """What is known of the world: a character per cell.

    Args:
        lines: Its lines; the last one about a tile counts, and what is none tells nothing.
    """

    def __init__(self, lines: Iterable[str] = ()) -> None:
        self.grid = bytearray(_BLANK.tobytes())
        self._edges: dict[str, int] = {}
        self._sets: dict[str, int] = {}
        self.draw(lines)

    def copy(self) -> Chart:
        """The same chart, in which nothing is new."""
        new = Chart.__new__(Chart)
        new.grid, new._edges, new._sets = bytearray(self.grid), dict(self._edges), {}
        new._old, new._old_edges = self.grid, self._edges
        return new

    def draw(self, lines: Iterable[str]) -> None:
        """Draws what lines tell."""
        for line in lines:
            if tile := _TILE_LINE.fullmatch(line):
                self._draw_tile(int(tile[1]), int(tile[2]), tile[3])
            elif edge := _EDGE_LINE.fullmatch(line):
                self._draw_edge(edge[1], int(edge[2]))
        for name, at in list(self._edges.items()):  # tiles do not tell what lies beyond
            self._draw_edge(name, at)
        self._old: bytes | bytearray = bytes(self.grid)
        self._old_edges = dict(self._edges)

    def _draw_tile(self, x: int, y: int, text: str) -> None:
        if (x + HALF) % TILE[0] or (y + HALF) % TILE[1] or not inside((x, y)):
            return
        start = index((x, y))
        text = _FOREIGN.sub(UNCLEAR, text).replace(EDGE, UNSEEN)
        for number, row in enumerate(text.split(" ")):
            at = start + number * SIDE
            self.grid[at : at + TILE[0]] = row.encode()
        if not (inside((x - 1, y - 1)) and inside((x + TILE[0], y + TILE[1]))):
            self._cells[ord(EDGE) == _BLANK] = ord(EDGE)

    def _draw_edge(self, name: str, at: int) -> None:
        x, y = COMPASS[name]
        place = (max(-HALF, min(HALF - 1, at * abs(x))), max(-HALF, min(HALF - 1, at * abs(y))))
        self.mark_edge(index(place), x + y * SIDE)

    @property
    def _cells(self) -> NDArray[np.uint8]:
        """The grid as rows and columns; what is written there is drawn."""
        return np.frombuffer(self.grid, np.uint8).reshape(SIDE, SIDE)

    def lines(self) -> list[str]:
        """The chart as text; without tiles of which nothing is known."""
        return self._told(_BLANK, {})

    def news(self) -> list[str]:
        """The lines that are not as they were when the chart was read."""
        if self.grid == self._old and self._edges == self._old_edges:
            return []
        return self._told(np.frombuffer(self._old, np.uint8), self._old_edges)

    def _told(self, old: NDArray[np.uint8], edges: dict[str, int]) -> list[str]:
        width, height = TILE
        lines = [f"edge {name}: {at}" for name, at in self._edges.items() if edges.get(name) != at]
        cells = self._cells
        # What lies beyond an edge is told by the edge.
        new = (cells != old.reshape(SIDE, SIDE)) & (cells != ord(EDGE))
        tiles = new.reshape(SIDE // height, height, SIDE // width, width).any(axis=(1, 3))
        for row, column in np.argwhere(tiles).tolist():
            x, y = column * width, row * height
            starts = range(y * SIDE + x, (y + height) * SIDE + x, SIDE)
            rows = b" ".join(self.grid[start : start + width] for start in starts).decode()
            lines.append(f"from {x - HALF} {y - HALF}: {rows}")
        return lines

    def at(self, place: int) -> str:
        """The symbol at a place."""
        return chr(self.grid[place])

    def mark(self, place: int, symbol: str) -> None:
        """Draws a symbol; the edge of the world stays."""
        if self.grid[place] != ord(EDGE):
            self.grid[place] = ord(symbol)
            self._sets = {}

    def mark_edge(self, place: int, step: int) -> None:
        """Draws the edge of the world behind a place, in the direction of a step."""
        x, y = cell(place)
        row, column = y + HALF, x + HALF
        name, beyond = {
            -SIDE: ("north", np.s_[:row, :]),
            1: ("east", np.s_[:, column + 1 :]),
            SIDE: ("south", np.s_[row + 1 :, :]),
            -1: ("west", np.s_[:, :column]),
        }[step]
        at, known = x if abs(step) == 1 else y, self._edges.get(name)
        # Of two edges on one side, nothing is known beyond the nearer one.
        self._edges[name] = at if known is None else min(at, known) if step > 0 else max(at, known)
        self._cells[beyond] = ord(EDGE)
        self._sets = {}

    @property
    def everywhere(self) -> int:
        """The set of all cells."""
        return (1 << SIDE * SIDE) - 1

    def cells(self, symbols: Iterable[str]) -> int:
        """The set of the cells that hold one of some symbols."""
        if not self._sets:
            held = np.packbits(self._cells.reshape(1, -1) == _CODES, axis=1, bitorder="little")
            self._sets = {
                symbol: int.from_bytes(bits.tobytes(), "little")
                for symbol, bits in zip(_ALL, held, strict=True)
            }
        found = 0
        for symbol in symbols:
            found |= self._sets[symbol]
        return found

    def look(self, me: int, ahead: int, view: View) -> None:
        """Draws what is in view.

        Of each kind of thing the nearest is told. So everything nearer than the second nearest kind
        is of the nearest kind, all plain ground counting as one; the eight directions are known up
        to the first thing; and of a thing that lies aslant only the distance and the quarter are
        told, so that it is drawn only where a single cell can hold it.

        Nothing is drawn where the view would go beyond the chart, which is larger than twice the
        world: then the notes are wrong about where this is.
        """
        column, row = cell(me)
        if not all(inside((column + x * REACH[0], row + y * REACH[1])) for x, y in _CORNERS):
            return
        self._fill(me, view)
        if view.front in GROUND:
            self.mark(me + ahead, _GROUNDS[view.front])
        for name, (dx, dy) in RAYS.items():
            self._look_along(me, dx, dy, view.rays.get(name))
        for kind in view.things.keys() - GROUND:
            spots = self.spots(me, view, kind)
            if kind in SYMBOLS and len(spots) == 1:
                self.mark(spots[0], SYMBOLS[kind])
        self._sets = {}

    def _fill(self, me: int, view: View) -> None:
        """Draws what can be only one thing, and as unclear what was not in view before."""
        nearest: dict[str, int] = {}
        for kind, thing in view.things.items():
            symbol = _GROUNDS.get(kind) or SYMBOLS.get(kind, UNCLEAR)
            nearest[symbol] = min(thing.steps, nearest.get(symbol, thing.steps))
        most = len(_NEARER) - 1
        order = sorted((steps, symbol) for symbol, steps in nearest.items())
        only = order[1][0] if len(order) > 1 else most
        ground = min((steps for steps, symbol in order if symbol not in WALKABLE), default=most)
        rock = min((steps for steps, symbol in order if symbol not in ROCKS), default=most)
        row, column = me // SIDE - REACH[1], me % SIDE - REACH[0]
        window = self._cells[row : row + 2 * REACH[1] + 1, column : column + 2 * REACH[0] + 1]
        edge, grass = window == ord(EDGE), window == ord(GRASS)
        window[window == ord(SYMBOLS["cow"])] = ord(GRASS)  # those that are told are drawn anew
        window[window == ord(UNSEEN)] = ord(UNCLEAR)
        window[_NEARER[min(rock, most)] & (window == ord(UNCLEAR))] = ord(ROCK)
        window[_NEARER[min(ground, most)] & ~grass] = ord(FREE)
        if order:
            window[_NEARER[min(only, most)]] = ord(order[0][1])
        window[edge] = ord(EDGE)
        self._free(me)

    def _free(self, place: int) -> None:
        if self.grid[place] not in _KEPT:
            self.grid[place] = ord(FREE)

    def _look_along(self, me: int, dx: int, dy: int, sight: tuple[str, int] | None) -> None:
        reach = min(REACH[0] if dx else SIDE, REACH[1] if dy else SIDE)
        step = dx + dy * SIDE
        for place in range(me + step, me + step * (sight[1] if sight else reach + 1), step):
            self._free(place)
        if sight and sight[0] in SYMBOLS:
            self.mark(me + sight[1] * step, SYMBOLS[sight[0]])
        elif sight and sight[0] in CREATURES:
            self._free(me + sight[1] * step)

    def spots(self, me: int, view: View, kind: str) -> list[int]:
        """Where the nearest of a kind may be: the cells whose known content does not exclude it."""
        if kind not in view.things:
            return []
        places = [me + y * SIDE + x for x, y in view.things[kind].cells()]
        own = SYMBOLS.get(kind, WALKABLE) + (WALKABLE if kind in CREATURES else "")
        if own in ROCKS:
            own += ROCK
        possible = {*map(ord, own + UNCLEAR + UNSEEN)}
        drawn = [place for place in places if kind in SYMBOLS and self.at(place) == SYMBOLS[kind]]
        return drawn or [place for place in places if self.grid[place] in possible]

    def unseen(self) -> NDArray[np.intp]:
        """The places that were never in view."""
        return np.flatnonzero(self._cells == ord(UNSEEN))

    def enclosed(self, me: int, most: int = 6) -> bool:
        """Whether nothing can come to a place: it is walled in with at most some cells."""
        region, waiting = {me}, [me]
        while waiting:
            place = waiting.pop()
            for step in NEIGHBOURS:
                symbol = self.at(place + step)
                if symbol in (UNSEEN, UNCLEAR, SYMBOLS["lava"]) or len(region) > most:
                    return False
                if symbol not in SOLID and place + step not in region:
                    region.add(place + step)
                    waiting.append(place + step)
        return True


class ChartReader:
    """Reads a chart again and again; lines that were read before are not read anew."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._chart = Chart()

    def read(self, lines: list[str]) -> Chart:
        """The chart that lines tell."""
        known = len(self._lines)
        if lines[:known] != self._lines:
            known, self._chart = 0, Chart()
        if len(lines) > known:
            self._chart.draw(lines[known:])
        self._lines = lines
        return self._chart.copy()
