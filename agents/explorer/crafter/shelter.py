"""A shelter for the Crafter player: two cells in a row with rock, water, trees or stones around.

Nobody can turn towards free ground without stepping on it. So the long sides are closed first: in
the rock they are closed already, and elsewhere stones are put there from outside. Inside, a step to
and fro lets the player face both ends.
"""

from __future__ import annotations

from typing import NamedTuple

from agents.explorer.crafter.chart import FREE, NEIGHBOURS, SIDE, SYMBOLS, UNCLEAR, UNSEEN
from agents.explorer.crafter.situation import Situation

#: How far away, in steps, a place for a shelter is looked for.
FAR = 20
#: How near to the border of the chart, in cells, there is none.
BORDER = 3
#: How many steps a wall that has to be built is worth.
WALL_STEPS = 5
_OPEN = frozenset({FREE, "c"})
_WALK = {FREE: 1, "c": 2, UNCLEAR: 2, UNSEEN: 3}


class Site(NamedTuple):
    """A place for a shelter.

    Attributes:
        mouth: The cell through which it is entered.
        step: The step from there to the inner cell.
    """

    mouth: int
    step: int

    @property
    def inner(self) -> int:
        """The other cell."""
        return self.mouth + self.step

    @property
    def sides(self) -> list[int]:
        """The cells along the long sides."""
        across = SIDE if abs(self.step) == 1 else 1
        return [place + side for place in (self.mouth, self.inner) for side in (across, -across)]


def _gaps(s: Situation, site: Site) -> list[int]:
    """The cells of the sides that have to be closed; unclear ones are taken for walls."""
    return [place for place in site.sides if s.chart.at(place) in _OPEN]


def _has_place(site: Site) -> bool:
    """Whether a site lies on the chart, with the cells from which its sides are closed."""
    row, column = divmod(site.mouth, SIDE)
    most = SIDE - BORDER
    return BORDER <= row < most and BORDER <= column < most and site.step in NEIGHBOURS


def _fits(s: Situation, site: Site) -> bool:
    """Whether the player can make a shelter there with what it has."""
    if not _has_place(site):
        return False
    at, digs = s.chart.at, s.view.amount("wood_pickaxe") > 0
    if at(site.mouth) not in (".S" if digs else ".") or at(site.inner) not in (
        ".S?" if digs else "."
    ):
        return False
    ends = (site.mouth - site.step, site.inner + site.step)
    if any(at(place) == SYMBOLS["lava"] for place in (*site.sides, *ends)):
        return False
    doors = 1 + (at(ends[1]) in _OPEN)
    dug = (at(site.mouth) == "S") + (at(site.inner) == "S")
    return len(_gaps(s, site)) + doors <= s.view.amount("stone") + dug


def _nearest(s: Situation) -> Site | None:
    """The site that is reached and closed soonest."""
    best, found = FAR + 1, None
    x, y = s.me % SIDE, s.me // SIDE
    for row in range(max(BORDER, y - FAR), min(SIDE - BORDER, y + FAR)):
        for column in range(max(BORDER, x - FAR), min(SIDE - BORDER, x + FAR)):
            away = abs(row - y) + abs(column - x)
            if away >= best or s.chart.at(row * SIDE + column) not in "S.":
                continue
            for step in NEIGHBOURS:
                site = Site(row * SIDE + column, step)
                cost = away + WALL_STEPS * len(_gaps(s, site))
                if cost < best and _fits(s, site):
                    best, found = cost, site
    return found


def take_shelter(s: Situation) -> str | None:
    """The next action on the way into a closed shelter; None if there is no place for one."""
    site = None if s.record.shelter is None else Site(*s.record.shelter)
    if site is None or not _fits(s, site):
        site = _nearest(s)
    s.record.shelter = site
    if site is None:
        return None
    gaps = _gaps(s, site)
    if gaps:
        return _close(s, gaps)
    end_open = s.chart.at(site.inner + site.step) in _OPEN
    if s.me == site.inner:
        if end_open and s.ahead == site.step:
            return _stone(s)
        return s.toward(-site.step)
    if s.me != site.mouth:
        way = s.route({}, {site.mouth: 0}, site.sides)
        return None if way is None else s.toward(way[1])
    if s.ahead == -site.step and s.chart.at(site.inner) == FREE and not end_open:
        return _stone(s)
    return s.toward(site.step)


def _stone(s: Situation) -> str:
    return "Place Stone" if s.faces_ground() else s.toward(s.ahead)


def _close(s: Situation, gaps: list[int]) -> str | None:
    """Puts a stone on the gap that is soonest reached, by a step up to it, so as to face it."""
    if s.me + s.ahead in gaps:
        return _stone(s)
    spots = {}
    for gap in gaps:
        for step in NEIGHBOURS:
            stand, behind = gap - step, gap - 2 * step
            if s.chart.at(stand) in _WALK and s.chart.at(behind) in _WALK:
                if s.me == behind:
                    return s.toward(step)
                spots[behind] = 0
    way = s.chart.route(s.me, _WALK, {}, spots)
    return None if way is None else s.toward(way[1])
