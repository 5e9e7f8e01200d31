"""A night's shelter for the Crafter player: a hole of two cells in the rock, closed with a stone."""

from __future__ import annotations

from agents.explorer.crafter_chart import FREE, NEIGHBOURS, SIDE, SOLID, UNCLEAR, UNSEEN
from agents.explorer.crafter_situation import Situation

#: How far away, in steps, a place to dig in is looked for.
FAR = 24
_WALL = SOLID | {UNCLEAR, UNSEEN}


def _fits(s: Situation, mouth: int, step: int) -> bool:
    """Whether a hole can be dug from a mouth, a step further in: its walls are rock, or may be."""
    at, inner = s.chart.at, mouth + step
    side = SIDE if abs(step) == 1 else 1
    if at(mouth) not in "S." or at(inner) not in "SCI.?":
        return False
    walls = (mouth + side, mouth - side, inner + side, inner - side, inner + step)
    return all(at(wall) in _WALL for wall in walls)


def _site(s: Situation) -> tuple[int, int] | None:
    """The nearest mouth of a hole and the step into it."""
    best, found = FAR + 1, None
    x, y = s.me % SIDE, s.me // SIDE
    for row in range(max(2, y - FAR), min(SIDE - 2, y + FAR)):
        for column in range(max(2, x - FAR), min(SIDE - 2, x + FAR)):
            away = abs(row - y) + abs(column - x)
            mouth = row * SIDE + column
            if away < best and s.chart.at(mouth) in "S.":
                step = next((step for step in NEIGHBOURS if _fits(s, mouth, step)), None)
                if step is not None:
                    best, found = away, (mouth, step)
    return found


def dig_in(s: Situation) -> str | None:
    """The next action on the way into a closed hole; None if there is no place for one."""
    site = _site(s)
    if site is None:
        return None
    mouth, step = site
    if s.me == mouth + step:
        return s.toward(-step)
    if s.me != mouth:
        way = s.route({}, {mouth: 0})
        return None if way is None else s.toward(way[1])
    if s.ahead == -step and s.chart.at(mouth + step) == FREE and s.faces_ground():
        return "Place Stone"
    return s.toward(step)
