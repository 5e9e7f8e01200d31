"""What the Crafter player remembers beside its chart: the lines of its notes.

What it has learned for good is a line a fact, written once: ``done table: step 41``. How things are
now is one line, written anew at every step:
``now: at 3 -5, facing north, did Do at tree, heading east to 12 -4, shelter row at 2 7``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from agents.explorer.crafter.goals import MAKES
from agents.explorer.crafter.view import COMPASS, SOUTH, Cell, View

MOVES = {f"Move {name.title()}": step for name, step in COMPASS.items()}
#: A blow with a sword of stone or iron kills a skeleton; with less it may only have fled.
_SWORDS = ("stone_sword", "iron_sword")

NOW, DONE = "now", "done "
_NAMES = {step: name for name, step in COMPASS.items()}
_CELL = "(-?[0-9]{1,4} -?[0-9]{1,4})"
_WAY = f"({'|'.join(COMPASS)})"
_STATE = re.compile(
    rf"at {_CELL}, facing {_WAY}, did (\S[^,]*|) at (\S[^,]*|), "
    rf"heading {_WAY} to (?:none|{_CELL}), shelter (?:none|(row|column|square) at {_CELL})"
)


def _pair(text: str | None) -> Cell | None:
    """The two numbers in a note; None for none."""
    if text is None:
        return None
    x, y = text.split(" ")
    return int(x), int(y)


def _text(pair: Cell | None) -> str:
    return "none" if pair is None else f"{pair[0]} {pair[1]}"


@dataclass(slots=True)
class Record:
    """The notes, as values.

    Attributes:
        position: Where the player stands, counted in steps from the start.
        facing: The step to the cell that it faces.
        done: What it has achieved, each with the game step at which it was.
        goal: The unseen cell that it is exploring towards; None for none.
        heading: The direction of exploration.
        last: Its last action, and what it faced then.
        shelter: The shape and the first cell of its shelter; None for none.
    """

    position: Cell = (0, 0)
    facing: Cell = SOUTH
    done: dict[str, str] = field(default_factory=dict)
    goal: Cell | None = None
    heading: Cell = SOUTH
    last: tuple[str, str] = ("", "")
    shelter: tuple[str, Cell] | None = None

    @classmethod
    def read(cls, notes: Mapping[str, str]) -> Record | None:
        """The record in the notes; None where they do not tell how things are now."""
        state = _STATE.fullmatch(notes.get(NOW, ""))
        position = _pair(state[1]) if state else None
        if state is None or position is None:
            return None
        shelter = _pair(state[8])
        return cls(
            position=position,
            facing=COMPASS[state[2]],
            done={k.removeprefix(DONE): text for k, text in notes.items() if k.startswith(DONE)},
            goal=_pair(state[6]),
            heading=COMPASS[state[5]],
            last=(state[3], state[4]),
            shelter=None if shelter is None else (state[7], shelter),
        )

    def notes(self) -> dict[str, str]:
        """The record as notes."""
        shelter = (
            "none"
            if self.shelter is None
            else " at ".join((self.shelter[0], _text(self.shelter[1])))
        )
        now = (
            f"at {_text(self.position)}, facing {_NAMES[self.facing]}, "
            f"did {self.last[0]} at {self.last[1]}, "
            f"heading {_NAMES[self.heading]} to {_text(self.goal)}, shelter {shelter}"
        )
        return {NOW: now, **{f"{DONE}{name}": when for name, when in self.done.items()}}

    def learn(self, view: View, step: int) -> None:
        """Draws the conclusions from what the last action has led to.

        Args:
            view: What is seen.
            step: The game step.
        """
        new = {item for item, count in view.amounts.items() if count and item in _ITEMS}
        action, front = self.last
        if action == "Do":
            if front == "water":
                new.add("drink")
            if front in ("cow", "zombie") and view.front != front:
                new.add(front)
            if front == "skeleton" and any(view.amount(sword) for sword in _SWORDS):
                new.add(front)
        if action == "Noop" and front == "asleep" and not view.asleep and view.amount("energy") > 7:
            new.add("wake up")
        for make in MAKES.values():
            if make.placed and action == make.action and view.front == make.name.split(" ")[0]:
                new.add(make.name)
        for name in sorted(new - self.done.keys()):
            self.done[name] = f"step {step}"

    def turn(self, way: Cell) -> None:
        """Heads in the main direction of a way, as steps to the east and to the south."""
        x, y = way
        if x or y:
            across = abs(x) > abs(y)
            self.heading = ((x > 0) - (x < 0), 0) if across else (0, (y > 0) - (y < 0))

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
