"""What the Crafter player remembers beside its chart: the lines of its notes."""

from __future__ import annotations

from dataclasses import dataclass, field

from agents.explorer.crafter.goals import MAKES
from agents.explorer.crafter.view import COMPASS, SOUTH, Cell, View

MOVES = {f"Move {name.title()}": step for name, step in COMPASS.items()}
#: A blow with a sword of stone or iron kills a skeleton; with less it may only have fled.
_SWORDS = ("stone_sword", "iron_sword")

NONE = "none"


def _cell(text: str) -> Cell:
    x, y = text.split(" ")
    return int(x), int(y)


@dataclass(slots=True)
class Record:
    """The notes, as values.

    Attributes:
        position: Where the player stands, counted in steps from the start.
        facing: The step to the cell that it faces.
        done: What it has achieved.
        goal: The unseen cell that it is exploring towards; None for none.
        heading: The direction of exploration.
        last: Its last action, and what it faced then.
        shelter: Where its shelter is to be: the place of the mouth in the chart, and the step in.
    """

    position: Cell = (0, 0)
    facing: Cell = SOUTH
    done: set[str] = field(default_factory=set)
    goal: Cell | None = None
    heading: Cell = SOUTH
    last: tuple[str, str] = ("", "")
    shelter: tuple[int, int] | None = None

    @classmethod
    def read(cls, notes: dict[str, str]) -> Record:
        """The record in the notes; a new one where there are none."""
        if not notes.keys() >= cls().notes().keys():
            return cls()
        action, _, front = notes["last"].partition(" at ")
        return cls(
            position=_cell(notes["position"]),
            facing=_cell(notes["facing"]),
            done=set() if notes["done"] == NONE else set(notes["done"].split(", ")),
            goal=None if notes["goal"] == NONE else _cell(notes["goal"]),
            heading=_cell(notes["heading"]),
            last=(action, front),
            shelter=None if notes["shelter"] == NONE else _cell(notes["shelter"]),
        )

    def notes(self) -> dict[str, str]:
        """The record as notes."""
        return {
            "position": "{} {}".format(*self.position),
            "facing": "{} {}".format(*self.facing),
            "done": ", ".join(sorted(self.done)) or NONE,
            "goal": NONE if self.goal is None else "{} {}".format(*self.goal),
            "heading": "{} {}".format(*self.heading),
            "last": " at ".join(self.last),
            "shelter": NONE if self.shelter is None else "{} {}".format(*self.shelter),
        }

    def learn(self, view: View) -> None:
        """Draws the conclusions from what the last action has led to."""
        self.done |= {item for item, count in view.amounts.items() if count and item in _ITEMS}
        action, front = self.last
        if action == "Do":
            if front == "water":
                self.done.add("drink")
            if front in ("cow", "zombie") and view.front != front:
                self.done.add(front)
            if front == "skeleton" and any(view.amount(sword) for sword in _SWORDS):
                self.done.add(front)
        if action == "Noop" and front == "asleep" and not view.asleep and view.amount("energy") > 7:
            self.done.add("wake up")
        for make in MAKES.values():
            if make.placed and action == make.action and view.front == make.name.split(" ")[0]:
                self.done.add(make.name)

    def expect(self, action: str, view: View, blocked: bool) -> None:
        """Notes an action, and where it leads.

        Args:
            action: The action.
            view: What is seen before it.
            blocked: Whether the cell to which it moves cannot be entered.
        """
        self.last = (action, "asleep" if view.asleep else view.front)
        if action in MOVES:
            self.facing = step = MOVES[action]
            if not view.asleep and not blocked:
                self.position = (self.position[0] + step[0], self.position[1] + step[1])


_ITEMS = frozenset(
    ["sapling", "wood", "stone", "coal", "iron", "diamond"]
    + [make.name for make in MAKES.values() if not make.placed]
)
