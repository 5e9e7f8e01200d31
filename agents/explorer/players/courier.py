"""The courier's player: goes to the table and to the furnace, and looks for what it does not know.

It finds its way as the Crafter player does, and keeps the same notes and the same map.
"""

from __future__ import annotations

from agents.explorer.crafter.cells import beside, places
from agents.explorer.crafter.chart import SYMBOLS, UNSEEN, cell
from agents.explorer.crafter.situation import Situation
from agents.explorer.crafter.view import Cell
from agents.explorer.players import crafter

#: What it costs to turn away from the heading while it searches, in steps.
TURN = 4


def deliver(s: Situation) -> str:
    """The next action on the round between table and furnace."""
    way = s.nearest({"furnace" if s.view.amount("parcel") else "table": 0})
    return search(s) if way is None else s.toward(way.step)


def search(s: Situation) -> str:
    """Walks to what was never in view: near the table, or near the start while that is unknown."""
    table = next(places(s.chart.cells(SYMBOLS["table"])), None)
    center = (0, 0) if table is None else cell(table)
    unseen = s.chart.cells(UNSEEN)
    (x, y), (east, south) = s.record.position, s.record.heading
    goals: dict[int, int] = {}
    for place in places(unseen & beside(~unseen & s.chart.everywhere)):
        goal = cell(place)
        turns = (goal[0] - x) * east + (goal[1] - y) * south <= 0
        extra = _distance(goal, center) + TURN * turns
        goals[extra] = goals.get(extra, 0) | 1 << place
    way = s.route(goals)
    if way is None:
        return s.toward(s.rng.choice(s.steps()))
    goal = cell(way.goal)
    s.record.turn((goal[0] - x, goal[1] - y))
    return s.toward(way.step)


def _distance(one: Cell, other: Cell) -> int:
    return abs(one[0] - other[0]) + abs(one[1] - other[1])


class Explorer(crafter.Explorer):
    """Plays the courier from its texts."""

    decide = staticmethod(deliver)
