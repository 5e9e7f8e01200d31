"""What the Crafter player makes and gathers: the table of ``goals.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Collection
from dataclasses import dataclass
from importlib.resources import files

from agents.explorer.crafter.view import GROUND, View

#: Most that one can carry of an item.
MOST = 9


@dataclass(frozen=True, slots=True)
class Make:
    """Something to make or to place.

    Attributes:
        name: The name under which it is done.
        action: The game action.
        uses: Items that it uses up.
        near: What must be next to the player.
        ground: What a placed thing may stand on.
    """

    name: str
    action: str
    uses: dict[str, int]
    near: tuple[str, ...] = ()
    ground: frozenset[str] = GROUND

    @property
    def placed(self) -> bool:
        """Whether it is put in front of the player."""
        return self.action.startswith("Place")

    def affordable(self, view: View) -> bool:
        """Whether the player has what it uses."""
        return all(view.amount(item) >= count for item, count in self.uses.items())


@dataclass(frozen=True, slots=True)
class Gather:
    """Where an item comes from.

    Attributes:
        kind: The thing that gives it.
        tool: The item that one needs for it; empty for a bare hand.
        reserve: How many are kept beyond what is still to be made.
        extra: What is added to the cost of the way to it; negative for what is worth a detour.
    """

    kind: str
    tool: str = ""
    reserve: int = 0
    extra: int = 0


_TABLE = tomllib.loads((files(__package__) / "goals.toml").read_text(encoding="utf-8"))
MAKES: dict[str, Make] = {
    row["name"]: Make(
        row["name"],
        row["action"],
        row["uses"],
        tuple(row.get("near", ())),
        frozenset(row.get("ground", GROUND)),
    )
    for row in _TABLE["make"]
}
GATHER: dict[str, Gather] = {item: Gather(**row) for item, row in _TABLE["gather"].items()}


def wanted(item: str, done: Collection[str]) -> int:
    """How many of an item to have: for all that is still to be made, and the reserve."""
    uses = sum(make.uses.get(item, 0) for make in MAKES.values() if make.name not in done)
    first = 1 if item == "diamond" and item not in done else 0
    return min(MOST, uses + first + GATHER[item].reserve)


def diggable(view: View) -> dict[str, str]:
    """Kinds of rock that the player's tools break, with the item each gives."""
    return {
        row.kind: item for item, row in GATHER.items() if row.tool and view.amount(row.tool) > 0
    }
