"""A shelter for the Crafter player: a few cells with rock, water, trees or stones all around.

Nobody can turn towards free ground without stepping on it. In two cells in a row both ends can be
closed from inside, by a step to and fro, but not the long sides: that is a shelter for the rock. In
a square of four cells every side can be faced from inside: that one can be built anywhere, with
eight stones at most.
"""

from __future__ import annotations

import functools
from collections import deque
from collections.abc import Iterable
from typing import NamedTuple

from agents.explorer.crafter.cells import NEIGHBOURS, SIDE
from agents.explorer.crafter.chart import (
    ROCK,
    SYMBOLS,
    UNCLEAR,
    UNSEEN,
    WALKABLE,
    index,
    inside,
)
from agents.explorer.crafter.situation import Situation
from agents.explorer.crafter.view import CREATURES, Cell

#: How far away, in cells, a place for a shelter is looked for.
FAR = 12
#: What a wall costs that has to be built, and a cell that has to be dug, in steps.
WALL, DIG = 2, 2
#: What can come in where it stands in a wall's place, and what a shelter can be on.
_OPEN, _GROUND = WALKABLE + "c" + UNCLEAR + UNSEEN, WALKABLE + "c"


class Shape(NamedTuple):
    """The form of a shelter.

    Attributes:
        cells: Its cells, as steps from the first one.
        outer: The cells around it, likewise.
        closable: Which of them can be faced, and so be closed, from inside.
    """

    cells: tuple[int, ...]
    outer: tuple[int, ...]
    closable: tuple[bool, ...]


def _shape(*cells: int) -> Shape:
    around = [(cell + step, step) for cell in cells for step in NEIGHBOURS]
    outer = sorted({place for place, _ in around} - {*cells})
    # A cell is faced after a step towards it.
    faced = {place for place, step in around if place - 2 * step in cells}
    return Shape(cells, tuple(outer), tuple(place in faced for place in outer))


SHAPES = {
    "row": _shape(0, 1),
    "column": _shape(0, SIDE),
    "square": _shape(0, 1, SIDE, SIDE + 1),
}
Site = tuple[str, Cell]  # shape and first cell


def take_shelter(s: Situation) -> str | None:
    """The next action on the way into a closed shelter; None if there is no place for one."""
    site = s.record.shelter
    if site is None or _cost(s, *site) is None:
        site = s.record.shelter = _best(s)
    if site is None:
        return None
    shape, start = SHAPES[site[0]], index(site[1])
    if s.me - start not in shape.cells:
        walls = [start + step for step in shape.outer if s.chart.at(start + step) not in _OPEN]
        way = s.route({0: _set(start + step for step in shape.cells)}, _set(walls))
        return None if way is None else s.toward(way.step)
    return _inside(s, shape, start)


def _inside(s: Situation, shape: Shape, start: int) -> str | None:
    """The next action of one who is in the shelter already."""
    at = s.chart.at
    gaps = frozenset(step for step in shape.outer if at(start + step) in _OPEN)
    undug = frozenset(step for step in shape.cells if at(start + step) not in _GROUND)
    action = _closing(shape, s.me - start, s.ahead, gaps, undug)
    if action == "Place Stone" and not s.faces_ground():
        return "Do" if s.view.front in CREATURES else "Noop"
    return (
        action if action is None or not action.startswith("Move") else s.toward(s.step_of(action))
    )


@functools.lru_cache(maxsize=4096)
def _closing(
    shape: Shape, me: int, ahead: int, gaps: frozenset[int], undug: frozenset[int]
) -> str | None:
    """The first action of the fewest after which nothing can come in (breadth first).

    Args:
        shape: The shelter.
        me: The player's place in it.
        ahead: The step to the cell that is faced.
        gaps: The outer cells that are open.
        undug: The cells of the shelter that are still rock.

    Returns:
        An action; None if it cannot be closed or is closed already.
    """
    start: _Closing = (me, ahead, gaps, undug)
    waiting = deque([(start, "")])
    known = {start}
    while waiting:
        (me, ahead, gaps, undug), first = waiting.popleft()
        if not any(
            gap - step in shape.cells and gap - step not in undug
            for gap in gaps
            for step in NEIGHBOURS
        ):
            return first or None
        front = me + ahead
        moves: list[tuple[_Closing, str]] = []
        if front in gaps:
            moves.append(((me, ahead, gaps - {front}, undug), "Place Stone"))
        if front in undug:
            moves.append(((me, ahead, gaps, undug - {front}), "Do"))
        for step, name in _MOVES.items():
            goes = me + step in shape.cells and me + step not in undug
            if me + step not in gaps:
                moves.append(((me + step if goes else me, step, gaps, undug), name))
        for state, action in moves:
            if state not in known:
                known.add(state)
                waiting.append((state, first or action))
    return None


#: Place, step ahead, gaps and cells of rock, while a shelter is being closed.
_Closing = tuple[int, int, frozenset[int], frozenset[int]]
_MOVES = dict(zip(NEIGHBOURS, ("Move North", "Move East", "Move South", "Move West"), strict=True))


def _set(places: Iterable[int]) -> int:
    cells = 0
    for place in places:
        cells |= 1 << place
    return cells


def _cost(s: Situation, name: str, first: Cell) -> int | None:
    """How many steps it takes to make a shelter; None where it cannot be made."""
    shape, start, at = SHAPES[name], index(first), s.chart.at
    if not (inside((first[0] - 2, first[1] - 2)) and inside((first[0] + 4, first[1] + 4))):
        return None
    digs = SYMBOLS["stone"] + ROCK if s.view.amount("wood_pickaxe") else ""
    within = [at(start + step) for step in shape.cells]
    outer = [at(start + step) for step in shape.outer]
    if any(symbol not in _GROUND + digs for symbol in within) or SYMBOLS["lava"] in outer:
        return None
    gaps = [
        closable for symbol, closable in zip(outer, shape.closable, strict=True) if symbol in _OPEN
    ]
    dug = sum(symbol not in _GROUND for symbol in within)
    if not all(gaps) or len(gaps) > s.view.amount("stone") + dug:
        return None
    return WALL * len(gaps) + DIG * dug


def _best(s: Situation) -> Site | None:
    """The shelter that is reached and made soonest."""
    x, y = s.record.position
    sites: dict[int, tuple[int, Site]] = {}
    for dy in range(-FAR, FAR + 1):
        for dx in range(-FAR, FAR + 1):
            first = (x + dx, y + dy)
            if not inside(first) or s.chart.at(index(first)) in UNCLEAR + UNSEEN:
                continue
            for name, shape in SHAPES.items():
                cost = _cost(s, name, first)
                if cost is None:
                    continue
                for step in shape.cells:
                    place = index(first) + step
                    if place not in sites or cost < sites[place][0]:
                        sites[place] = cost, (name, first)
    goals: dict[int, int] = {}
    for place, (cost, _) in sites.items():
        goals[cost] = goals.get(cost, 0) | 1 << place
    way = s.route(goals)
    here = sites.get(s.me)
    if here is not None and (way is None or here[0] <= way.cost):
        return here[1]
    return None if way is None else sites[way.goal][1]
