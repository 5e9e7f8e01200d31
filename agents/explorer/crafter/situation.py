"""What the Crafter player knows at one moment, and how it walks, digs and uses things."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass

from agents.explorer.crafter.cells import SIDE, Way, cheapest
from agents.explorer.crafter.chart import (
    EDGE,
    ROCK,
    SYMBOLS,
    UNCLEAR,
    UNSEEN,
    WALKABLE,
    Chart,
    index,
)
from agents.explorer.crafter.goals import diggable
from agents.explorer.crafter.record import Record
from agents.explorer.crafter.view import COMPASS, GROUND, Cell, View

#: Steps of a day, and between which of them the player keeps to its shelter: in the dark.
DAY, DUSK, DAWN = 300, 180, 300
_STEPS = {name: x + y * SIDE for name, (x, y) in COMPASS.items()}
_DIRECTIONS = {step: name for name, step in _STEPS.items()}


@dataclass(slots=True)
class Situation:
    """One moment of the game.

    Attributes:
        view: What is seen.
        chart: What is known of the world.
        record: What else is remembered.
        step: The game step.
        rng: For choices among equals.
    """

    view: View
    chart: Chart
    record: Record
    step: int
    rng: random.Random

    @property
    def me(self) -> int:
        """The player's place in the chart."""
        return index(self.record.position)

    @property
    def ahead(self) -> int:
        """The step to the cell that the player faces, as a difference of places."""
        x, y = self.record.facing
        return x + y * SIDE

    @property
    def dark(self) -> bool:
        """Whether zombies swarm."""
        return DUSK <= self.step % DAY < DAWN

    @property
    def evening(self) -> bool:
        """Whether there is little time left to eat and drink before the night."""
        return DUSK - 50 <= self.step % DAY < DUSK

    def prices(self) -> dict[int, int]:
        """What a step costs, to the cells that the player can walk on, dig or bridge."""
        rock = [SYMBOLS[kind] for kind in diggable(self.view)]
        prices = {
            1: self.chart.cells(WALKABLE),
            2: self.chart.cells(["c", UNCLEAR, *rock, *(ROCK if rock else "")]),
            3: self.chart.cells(UNSEEN),
        }
        if self.view.amount("stone") > 2:
            prices[4] = self.chart.cells("W")
        return prices

    def route(self, goals: Mapping[int, int], avoid: int = 0) -> Way | None:
        """The cheapest way to a goal.

        Args:
            goals: What is added to the cost of the way, to the cells that are goals.
            avoid: Cells not to go through.
        """
        prices = self.prices()
        if avoid:
            prices = {price: cells & ~avoid for price, cells in prices.items()}
        return cheapest(self.me, prices, goals)

    def nearest(self, wants: Mapping[str, int]) -> Way | None:
        """The cheapest way to a thing.

        Args:
            wants: Kinds of things, with what is added to the cost of the way.
        """
        goals: dict[int, int] = {}
        for kind, extra in wants.items():
            cells = self.chart.cells(SYMBOLS[kind]) if kind in SYMBOLS else 0
            for place in self.chart.spots(self.me, self.view, kind):
                cells |= 1 << place
            goals[extra] = goals.get(extra, 0) | cells
        return self.route(goals)

    def toward(self, step: int) -> str:
        """The action that brings the player a step further, through what can be removed."""
        name = _DIRECTIONS[step]
        thing, turn = self.view.beside(name), f"Move {name.title()}"
        if not thing or step != self.ahead:
            # A step into lava would be the end, and turning towards it is a step.
            return turn if thing != "lava" else "Noop"
        if thing == "water" and self.view.amount("drink") > 8 and self.view.amount("stone"):
            return "Place Stone"
        return "Do" if thing != "arrow" else "Noop"

    def step_of(self, action: str) -> int:
        """The step that a move tries to take."""
        return _STEPS[action.removeprefix("Move ").lower()]

    def beside(self, step: int) -> str:
        """What stands on the next cell a step away; empty for plain ground."""
        return self.view.beside(_DIRECTIONS[step])

    def blocked(self, step: Cell) -> bool:
        """Whether a step would only turn the player."""
        place = step[0] + step[1] * SIDE
        return bool(self.beside(place)) or self.chart.at(self.me + place) == EDGE

    def steps(self) -> list[int]:
        """The steps to the four neighbouring cells."""
        return list(_DIRECTIONS)

    def make_room(self) -> str:
        """An action after which the player faces plain ground, where one is at hand."""
        rock = diggable(self.view)
        if self.view.front in rock:
            return "Do"
        steps = self.steps()
        free = [step for step in steps if not self.beside(step)]
        # Rock lets the player turn on the spot; of free cells the ones with room behind are better.
        choices = (
            [step for step in steps if self.beside(step) in rock]
            or [step for step in free if self.chart.at(self.me + 2 * step) in WALKABLE]
            or free
        )
        return self.toward(self.rng.choice(choices)) if choices else "Noop"

    def faces_ground(self) -> bool:
        """Whether something can be placed in front of the player."""
        return self.view.front in GROUND
