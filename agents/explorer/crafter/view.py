"""What a frame of Crafter tells, read from its texts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from agents.agent import Observation
from automem_gym.game import Sight

Cell = tuple[int, int]  # x to the east, y to the south

#: How far the player sees to the west and east, and to the north and south.
REACH: Cell = (4, 3)
NORTH, EAST, SOUTH, WEST = (0, -1), (1, 0), (0, 1), (-1, 0)
COMPASS: dict[str, Cell] = {"north": NORTH, "east": EAST, "south": SOUTH, "west": WEST}
#: The directions of ``info["surroundings"]``.
RAYS: dict[str, Cell] = COMPASS | {
    "northeast": (1, -1),
    "southeast": (1, 1),
    "southwest": (-1, 1),
    "northwest": (-1, -1),
}
GROUND = frozenset({"grass", "sand", "path"})
CREATURES = frozenset({"cow", "zombie", "skeleton", "arrow"})

_THING = re.compile(r"^- (\S+) (\d+) steps? to your (\S+)$", re.MULTILINE)
_FRONT = re.compile(r"^You face (\S+) at your front", re.MULTILINE)
_AMOUNT = re.compile(r"^- (\S+): (\d+)", re.MULTILINE)


class Nearest(NamedTuple):
    """The nearest thing of a kind.

    Attributes:
        steps: How many steps away it is.
        direction: As in ``north-west``.
    """

    steps: int
    direction: str

    def cells(self) -> list[Cell]:
        """Where it may be, seen from the player."""
        upright, level = "", ""
        for part in self.direction.split("-"):
            if part in ("north", "south"):
                upright = part
            else:
                level = part
        x, y = (COMPASS.get(level, (0, 0))[0], COMPASS.get(upright, (0, 0))[1])
        if not x or not y:
            return [(x * self.steps, y * self.steps)]
        splits = range(max(1, self.steps - REACH[1]), min(REACH[0], self.steps - 1) + 1)
        return [(x * n, y * (self.steps - n)) for n in splits]


@dataclass(frozen=True, slots=True)
class View:
    """One frame.

    Attributes:
        things: The nearest of each kind in view.
        front: What the player faces; ``nothing`` at the edge of the world.
        rays: What lies in each of the eight directions.
        amounts: The vitals and the inventory.
        asleep: Whether the player sleeps.
    """

    things: Mapping[str, Nearest]
    front: str
    rays: Mapping[str, Sight]
    amounts: Mapping[str, int]
    asleep: bool

    def amount(self, item: str) -> int:
        """How many of an item the player has, or how full a vital is."""
        return self.amounts.get(item, 0)

    def beside(self, direction: str) -> str:
        """What stands on the next cell in a direction; empty for plain ground."""
        sight = self.rays.get(direction)
        return sight.name if sight is not None and sight.steps == 1 else ""

    def near(self, kind: str, steps: int) -> bool:
        """Whether one of a kind is within some steps."""
        nearest = self.things.get(kind)
        return nearest is not None and nearest.steps <= steps


def read_view(observation: Observation, surroundings: Mapping[str, Sight]) -> View:
    """Reads a frame; what its texts do not tell is absent from the view."""
    seen, status = observation["observation"], observation["status"]
    front = _FRONT.search(seen)
    return View(
        things={kind: Nearest(int(steps), where) for kind, steps, where in _THING.findall(seen)},
        front=front[1] if front else "nothing",
        rays={name: Sight(*sight) for name, sight in surroundings.items() if name in RAYS},
        amounts={item: int(count) for item, count in _AMOUNT.findall(status)},
        asleep="You are sleeping" in seen,
    )
