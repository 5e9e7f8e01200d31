"""What the Crafter player remembers beside its chart: the lines of its notes."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from agents.explorer.crafter.goals import MAKES
from agents.explorer.crafter.view import COMPASS, SOUTH, Cell, View

MOVES = {f"Move {name.title()}": step for name, step in COMPASS.items()}
#: A blow with a sword of stone or iron kills a skeleton; with less it may only have fled.
_SWORDS = ("stone_sword", "iron_sword")

NONE = "none"


_CELL = re.compile("(-?[0-9]{1,4}) (-?[0-9]{1,4})")


def _cell(text: str) -> Cell:
    """The two numbers of a note.

    Raises:
        ValueError: It says something else.
    """
    found = _CELL.fullmatch(text)
    if found is None:
        raise ValueError(f"two numbers are wanted, not {text!r}")
    return int(found[1]), int(found[2])


def _step(text: str) -> Cell:
    cell = _cell(text)
    if cell not in COMPASS.values():
        raise ValueError(f"{text!r} is no step")
    return cell


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
    def read(cls, notes: dict[str, str]) -> Record | None:
        """The record in the notes; None where they do not hold one."""
        if not notes.keys() >= cls().notes().keys():
            return None
        action, found, front = notes["last"].partition(" at ")
        if not found:
            return None
        try:
            return cls(
                position=_cell(notes["position"]),
                facing=_step(notes["facing"]),
                done={*notes["done"].split(", ")} - {"", NONE},
                goal=None if notes["goal"] == NONE else _cell(notes["goal"]),
                heading=_step(notes["heading"]),
                last=(action, front),
                shelter=None if notes["shelter"] == NONE else _cell(notes["shelter"]),
            )
        except ValueError:
            # Somebody else has written there, and one number that is wrong makes the others
            # doubtful.
            return None

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
