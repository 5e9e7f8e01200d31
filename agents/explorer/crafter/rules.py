"""How the Crafter player decides: rules in the order in which they are asked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import numpy as np

from agents.explorer.crafter.cells import SIDE, around
from agents.explorer.crafter.chart import (
    GRASS,
    HALF,
    SYMBOLS,
    UNCLEAR,
    UNSEEN,
    WALKABLE,
    cell,
    index,
    inside,
)
from agents.explorer.crafter.goals import GATHER, MAKES, Make, wanted
from agents.explorer.crafter.shelter import take_shelter
from agents.explorer.crafter.situation import Situation
from agents.explorer.crafter.view import GROUND, Cell

#: A known table or furnace is used up to this cost of the way; beyond it a new one is made.
STATION_NEAR = 12
#: What is added to the cost of the way to food or water, by how full the vital is; none when full.
URGENCY = {
    -3: -99,
    -2: -99,
    -1: -99,
    0: -99,
    1: -80,
    2: -60,
    3: -40,
    4: -20,
    5: -5,
    6: 0,
    7: 5,
    8: 9,
}
#: With so much food it looks for cows, so many cells beyond the grass that it has seen.
HUNGRY, GRASS_REACH = 4, 2
#: How many steps ahead of the player the point lies to which it explores.
AHEAD = 8
#: How many unreachable goals of exploration are given up in one turn.
TRIES = 3


def sleep_on(s: Situation) -> str | None:
    """Who sleeps can do nothing else."""
    return "Noop" if s.view.asleep else None


def fight(s: Situation) -> str | None:
    """Zombies and skeletons next to the player are hit, the one in front first."""
    enemies = [step for step in s.steps() if s.beside(step) in ("zombie", "skeleton")]
    if not enemies:
        return None
    return s.toward(s.ahead if s.ahead in enemies else enemies[0])


def survive(s: Situation) -> str | None:
    """Food and drink come before everything else when they run out."""
    least, health = min(s.view.amount("food"), s.view.amount("drink")), s.view.amount("health")
    if s.dark and s.chart.enclosed(s.me):
        urgent = least == 0 and health < 4
    else:
        urgent = least <= (1 if s.dark else 3)
    if not urgent:
        return None
    return _go(s, {kind: extra for kind, extra in _needs(s).items() if extra <= URGENCY[3]})


def rest(s: Situation) -> str | None:
    """Sleeps behind walls; goes there at night, when tired and when hurt."""
    energy, health = s.view.amount("energy"), s.view.amount("health")
    fed = min(s.view.amount("food"), s.view.amount("drink")) > 1
    if s.chart.enclosed(s.me):
        if energy < 9 and (s.dark or energy < 6 or "wake up" not in s.record.done):
            return "Sleep"
        return "Noop" if s.dark or (fed and health < 7) else None
    if s.dark or (fed and (energy < 3 or health < 4)):
        return take_shelter(s)
    s.record.shelter = None
    return None


def nap(s: Situation) -> str | None:
    """A first short sleep by day, when nothing dangerous is in sight."""
    danger = any(s.view.near(kind, 9) for kind in ("zombie", "skeleton", "arrow"))
    if "wake up" in s.record.done or danger or s.view.amount("health") < 8:
        return None
    return "Sleep" if s.view.amount("energy") < 9 and s.step % 300 < 120 else None


def craft(s: Situation) -> str | None:
    """Makes or places the first thing that is not done and can be paid for."""
    for make in MAKES.values():
        if make.name in s.record.done or not make.affordable(s.view):
            continue
        action = _place(s, make) if make.placed else _make(s, make)
        if action is not None:
            return action
    return None


def _place(s: Situation, make: Make) -> str | None:
    if s.view.front in make.ground:
        return make.action
    if make.ground >= GROUND:
        return s.make_room()
    way = s.nearest(dict.fromkeys(make.ground, 0))
    return None if way is None else s.toward(way.step)


def _make(s: Situation, make: Make) -> str | None:
    """Makes a tool where its stations are, goes there, or builds what is missing."""
    spots = s.chart.cells(WALKABLE) | 1 << s.me
    missing = []
    for name in make.near:
        near = around(s.chart.cells(SYMBOLS[name]))
        spots &= near
        if not near >> s.me & 1:
            missing.append(MAKES[name])
    if not missing:
        return make.action
    needs = Counter(make.uses)
    for station in missing:
        needs.update(station.uses)
    can_build = all(s.view.amount(item) >= count for item, count in needs.items())
    way = s.route({0: spots})
    if way is not None and way.cost <= STATION_NEAR:
        return s.toward(way.step)
    return _place(s, missing[0]) if can_build else None


def sapling(s: Situation) -> str | None:
    """Searches the grass in front until it has given a sapling."""
    return "Do" if s.view.front == "grass" and "sapling" not in s.record.done else None


def forage(s: Situation) -> str | None:
    """Looks for cows before it is late: they live on grass, so it goes where grass leads on."""
    if s.view.amount("food") > HUNGRY or s.chart.cells(SYMBOLS["cow"]):
        return None
    grass = s.chart.cells(GRASS)
    for _ in range(GRASS_REACH):
        grass = around(grass)
    way = s.route({0: s.chart.cells(UNSEEN) & grass})
    return None if way is None else s.toward(way.step)


def errand(s: Situation) -> str | None:
    """Goes to the thing that is most worth its way, and uses it."""
    return _go(s, _needs(s) | _materials(s))


def _go(s: Situation, wants: Mapping[str, int]) -> str | None:
    way = s.nearest(wants)
    return None if way is None else s.toward(way.step)


def _needs(s: Situation) -> dict[str, int]:
    """Creatures and water that the player wants, with what is added to the cost of the way."""
    view, done, wants = s.view, s.record.done, {}
    for vital, kind, name in (("drink", "water", "drink"), ("food", "cow", "cow")):
        extra = URGENCY.get(view.amount(vital) - 3 * (s.evening and view.amount(vital) < 8))
        if name not in done:
            extra = min(extra or 0, 0)
        if extra is not None:
            wants[kind] = extra
    if "skeleton" not in done and view.amount("stone_sword") and view.amount("health") > 4:
        wants["skeleton"] = 0
    if "zombie" not in done and view.amount("wood_sword") and view.amount("health") > 6:
        wants["zombie"] = 3
    return wants


def _materials(s: Situation) -> dict[str, int]:
    """Things to gather, with what is added to the cost of the way."""
    return {
        row.kind: row.extra
        for item, row in GATHER.items()
        if s.view.amount(item) < wanted(item, s.record.done)
        and (not row.tool or s.view.amount(row.tool))
    }


def explore(s: Situation) -> str:
    """Walks to a cell that was never in view, the more readily the more it lies straight ahead."""
    goal = s.record.goal
    for _ in range(TRIES):
        if goal is None or not inside(goal) or s.chart.at(index(goal)) != UNSEEN:
            goal = _next_goal(s)
        if goal is None:
            break
        way = s.route({0: 1 << index(goal)})
        if way is not None:
            s.record.goal = goal
            return s.toward(way.step)
        s.chart.mark(index(goal), UNCLEAR)
    s.record.goal = None
    return s.toward(s.rng.choice(s.steps()))


def _next_goal(s: Situation) -> Cell | None:
    """The unseen cell that is nearest to a point some steps ahead; turns the heading to it."""
    x, y = s.record.position
    ahead = (x + AHEAD * s.record.heading[0], y + AHEAD * s.record.heading[1])
    unseen = s.chart.unseen()
    if not unseen.size:
        return None
    to_east, to_south = unseen % SIDE - HALF - ahead[0], unseen // SIDE - HALF - ahead[1]
    goal = cell(int(unseen[np.argmin(abs(to_east) + abs(to_south))]))
    s.record.turn((goal[0] - x, goal[1] - y))
    return goal


#: The rules, in the order in which they are asked.
RULES = (sleep_on, fight, survive, rest, nap, craft, sapling, forage, errand)


def decide(s: Situation) -> str:
    """The action for a situation: that of the first rule that has one, or else to explore."""
    for rule in RULES:
        action = rule(s)
        if action is not None:
            return action
    return explore(s)
