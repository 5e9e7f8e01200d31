"""Sets of cells of the chart as the bits of an integer, and the cheapest ways through them.

A chart has thousands of cells, and a set operation on all of them is one operation on an integer:
so a flood over the whole chart takes a fraction of a millisecond.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

#: The chart is a square around the start: the usual world of 64 x 64 cells, and as much around it
#: as comes into view at its edges.
SIDE = 72
#: Steps to a neighbouring place: north, east, south, west.
NEIGHBOURS = (-SIDE, 1, SIDE, -1)
#: No way costs more than this.
_FARTHEST = 400


class Way(NamedTuple):
    """A way to a goal.

    Attributes:
        step: The first step, as a difference of places.
        cost: What it costs, with what was added for the goal.
        goal: The place to which it leads.
    """

    step: int
    cost: int
    goal: int


def places(cells: int) -> Iterator[int]:
    """The places in a set, from the lowest on."""
    while cells:
        lowest = cells & -cells
        yield lowest.bit_length() - 1
        cells ^= lowest


def beside(cells: int) -> int:
    """The cells that are next to one of a set."""
    return cells << SIDE | cells << 1 | cells >> 1 | cells >> SIDE


def around(cells: int) -> int:
    """The cells of a set and the eight around each of them."""
    rows = cells | cells << 1 | cells >> 1
    return rows | rows << SIDE | rows >> SIDE


def moved(cells: int, step: int) -> int:
    """The cells that lie a step away from those of a set."""
    return cells << step if step > 0 else cells >> -step


def cheapest(me: int, prices: Mapping[int, int], goals: Mapping[int, int]) -> Way | None:
    """The cheapest way to a place next to a goal (Dijkstra's, backwards, a cost at a time).

    Args:
        me: Where to start.
        prices: What it costs to enter a cell: cost, from 1 on, to the cells.
        goals: What is added to the cost of the way, to the goals. Entering the goal itself costs
            nothing, for most are used from beside.

    Returns:
        The way; None if nothing can be reached.
    """
    home = 1 << me
    goals = {extra: cells & ~home for extra, cells in goals.items() if cells & ~home}
    if not goals:
        return None
    waves = {extra: beside(cells) for extra, cells in goals.items()}
    cost, last, left = min(waves), max(waves), home
    for cells in prices.values():
        left |= cells
    reached: dict[int, int] = {}
    while cost <= min(last, _FARTHEST):
        new = waves.pop(cost, 0) & left
        if new:
            if new & home:
                return _followed(me, cost, prices, goals, reached)
            left ^= new
            reached[cost] = new
            for price, cells in prices.items():
                part = new & cells
                if part:
                    waves[cost + price] = waves.get(cost + price, 0) | beside(part)
                    last = max(last, cost + price)
        cost += 1
    return None


def _followed(
    me: int,
    cost: int,
    prices: Mapping[int, int],
    goals: Mapping[int, int],
    reached: Mapping[int, int],
) -> Way:
    """Follows the falling costs to the goal."""
    place, first, left = me, 0, cost
    while True:
        for step in NEIGHBOURS:
            cell = 1 << (place + step)
            if goals.get(left, 0) & cell:
                return Way(first or step, cost, place + step)
            price = next(
                (p for p, cells in prices.items() if cells & reached.get(left - p, 0) & cell), None
            )
            if price is not None:
                place, first, left = place + step, first or step, left - price
                break
        else:
            raise AssertionError("a reached cell has a neighbour that is nearer to a goal")
