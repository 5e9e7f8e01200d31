"""A chart of the world of Crafter, drawn while walking and kept as text."""

from __future__ import annotations

import heapq
import re
from collections.abc import Collection, Iterable, Mapping

from agents.explorer.crafter.view import CREATURES, GROUND, RAYS, REACH, Cell, View

#: The chart is a square around the start, in which the usual world of 64 x 64 cells has its place.
HALF = 38
SIDE = 2 * HALF
#: How things are drawn. Creatures other than cows are not, for they move.
SYMBOLS = {
    "tree": "T", "stone": "S", "coal": "C", "iron": "I", "diamond": "D", "water": "W",
    "lava": "L", "table": "t", "furnace": "f", "plant": "p", "cow": "c",
}  # fmt: skip
FREE, UNSEEN, UNCLEAR, EDGE = ".", " ", "?", "#"
_FOREIGN = re.compile(f"[^{re.escape(FREE + UNSEEN + UNCLEAR + EDGE + ''.join(SYMBOLS.values()))}]")
_PATCH = re.compile(r"(?P<y>-?[0-9]{1,2}) (?P<x>-?[0-9]{1,2}) (?P<symbols>\S+)")
#: What keeps everything out; arrows fly over lava.
SOLID = frozenset("TSCIDWtfp#")
#: Steps to a neighbouring cell, as differences of indices.
NEIGHBOURS = (-SIDE, 1, SIDE, -1)


def index(cell: Cell) -> int:
    """The place of a cell in the chart."""
    return (cell[1] + HALF) * SIDE + cell[0] + HALF


def cell(place: int) -> Cell:
    """The cell of a place in the chart, seen from the start of the episode."""
    return place % SIDE - HALF, place // SIDE - HALF


def inside(cell: Cell) -> bool:
    """Whether a cell is on the chart."""
    return all(-HALF <= place < HALF for place in cell)


def _symbols(text: str) -> str:
    """A part of a row as it is drawn; what is no symbol tells nothing clear."""
    return _FOREIGN.sub(UNCLEAR, text.replace("_", UNSEEN))


class Chart:
    """What is known of the world: a character per cell.

    Args:
        rows: Texts by row number, from the western border on; missing rows are unseen.
        patches: Later changes, each ``y x characters``.
    """

    def __init__(self, rows: Mapping[str, str], patches: Iterable[str]) -> None:
        self.grid = bytearray(
            "".join(_symbols(rows.get(str(y), "")).ljust(SIDE)[:SIDE] for y in range(-HALF, HALF)),
            "ascii",
        )
        for patch in filter(None, map(_PATCH.fullmatch, patches)):
            (x, y), symbols = (int(patch["x"]), int(patch["y"])), _symbols(patch["symbols"])
            if inside((x, y)) and inside((x + len(symbols) - 1, y)):
                start = index((x, y))
                self.grid[start : start + len(symbols)] = symbols.encode()
        self._old = bytes(self.grid)

    def rows(self) -> dict[str, str]:
        """The chart as text, by row; without rows in which nothing is known."""
        rows = self.grid.decode()
        texts = {
            str(y): rows[(y + HALF) * SIDE : (y + HALF + 1) * SIDE] for y in range(-HALF, HALF)
        }
        return {y: text.rstrip().replace(" ", "_") for y, text in texts.items() if text.strip()}

    def patches(self) -> list[str]:
        """What has changed since the chart was read."""
        if self.grid == self._old:
            return []
        found = []
        for start in range(0, SIDE * SIDE, SIDE):
            new, old = self.grid[start : start + SIDE], self._old[start : start + SIDE]
            if new != old:
                changed = [at for at in range(SIDE) if new[at] != old[at]]
                x, y = cell(start + changed[0])
                text = new[changed[0] : changed[-1] + 1].decode().replace(" ", "_")
                found.append(f"{y} {x} {text}")
        return found

    def at(self, place: int) -> str:
        """The symbol at a place."""
        return chr(self.grid[place])

    def mark(self, place: int, symbol: str) -> None:
        """Draws a symbol; the edge of the world stays."""
        if self.grid[place] != ord(EDGE):
            self.grid[place] = ord(symbol)

    def mark_edge(self, place: int, step: int) -> None:
        """Draws the edge of the world through the cell one step away, and all beyond."""
        x, y = place % SIDE, place // SIDE
        for other in range(SIDE * SIDE):
            ahead = (other % SIDE - x) * step if abs(step) == 1 else (other // SIDE - y) * step
            if ahead > 0:
                self.grid[other] = ord(EDGE)

    def look(self, me: int, view: View) -> None:
        """Draws what is in view.

        Everything nearer than the nearest thing is free ground; the eight directions are known up
        to the first thing; of a thing that lies aslant only the distance and the quarter are told,
        so it is drawn only where a single cell can hold it.
        """
        things = {k: t for k, t in view.things.items() if k not in GROUND}
        clear = min((thing.steps for thing in things.values()), default=REACH[0] + REACH[1] + 1)
        for x in range(-REACH[0], REACH[0] + 1):
            for y in range(-REACH[1], REACH[1] + 1):
                place = me + y * SIDE + x
                if abs(x) + abs(y) < clear or self.grid[place] == ord("c"):
                    self.mark(place, FREE)
                elif self.grid[place] == ord(UNSEEN):
                    self.mark(place, UNCLEAR)
        for name, (dx, dy) in RAYS.items():
            self._look_along(me, dx, dy, view.rays.get(name))
        for kind in things:
            spots = self.spots(me, view, kind)
            if kind in SYMBOLS and len(spots) == 1:
                self.mark(spots[0], SYMBOLS[kind])

    def _look_along(self, me: int, dx: int, dy: int, sight: tuple[str, int] | None) -> None:
        reach = min(REACH[0] if dx else SIDE, REACH[1] if dy else SIDE)
        for n in range(1, sight[1] if sight else reach + 1):
            self.mark(me + n * (dx + dy * SIDE), FREE)
        if sight:
            symbol = FREE if sight[0] in CREATURES else UNCLEAR
            self.mark(me + sight[1] * (dx + dy * SIDE), SYMBOLS.get(sight[0], symbol))

    def spots(self, me: int, view: View, kind: str) -> list[int]:
        """Where the nearest of a kind may be: the cells whose known content does not exclude it."""
        if kind not in view.things:
            return []
        places = [me + y * SIDE + x for x, y in view.things[kind].cells()]
        own = FREE if kind in CREATURES else SYMBOLS.get(kind, FREE)
        possible = {ord(own), ord(SYMBOLS.get(kind, own)), ord(UNCLEAR), ord(UNSEEN)}
        drawn = [place for place in places if kind in SYMBOLS and self.at(place) == SYMBOLS[kind]]
        return drawn or [place for place in places if self.grid[place] in possible]

    def unseen(self) -> list[int]:
        """The places that were never in view."""
        return [place for place, code in enumerate(self.grid) if code == ord(UNSEEN)]

    def route(
        self,
        me: int,
        prices: Mapping[str, int],
        targets: Mapping[str, int],
        spots: Mapping[int, int],
        avoid: Collection[int] = (),
    ) -> tuple[int, int] | None:
        """Finds the target that costs least to reach.

        Args:
            me: Where to start.
            prices: What it costs to enter a cell, by symbol; others cannot be entered.
            targets: Symbols to go to, each with what is added to the cost of the way.
            spots: Places to go to, likewise.
            avoid: Places not to go through.

        Returns:
            The target and the first step of the way to it; None if nothing can be reached.
        """
        price = [prices.get(chr(code), 0) for code in range(128)]
        extra = [targets.get(chr(code)) for code in range(128)]
        lowest = min([*targets.values(), *spots.values()], default=0)
        best, found = float("inf"), None
        heap, costs, firsts = [(0, me)], {me: 0}, {me: 0}
        while heap:
            cost, place = heapq.heappop(heap)
            if cost + lowest >= best:
                break
            if cost > costs[place]:
                continue
            for step in NEIGHBOURS:
                other = place + step
                if not 0 <= other < SIDE * SIDE or other in avoid:
                    continue
                code = self.grid[other]
                first = firsts[place] or step
                more = spots.get(other, extra[code])
                if more is not None and cost + more < best and other != me:
                    best, found = cost + more, (other, first)
                if price[code] and cost + price[code] < costs.get(other, SIDE * SIDE):
                    costs[other] = cost + price[code]
                    firsts[other] = first
                    heapq.heappush(heap, (costs[other], other))
        return found

    def enclosed(self, me: int, most: int = 6) -> bool:
        """Whether nothing can come to a place: it is walled in with at most some cells."""
        region, todo = {me}, [me]
        while todo:
            place = todo.pop()
            for step in NEIGHBOURS:
                symbol = self.at(place + step)
                if symbol in (UNSEEN, UNCLEAR, SYMBOLS["lava"]) or len(region) > most:
                    return False
                if symbol not in SOLID and place + step not in region:
                    region.add(place + step)
                    todo.append(place + step)
        return True
