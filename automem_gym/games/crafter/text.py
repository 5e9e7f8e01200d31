"""The text of a frame: what the player sees and has, in the words of BALROG's Crafter wrapper."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from automem_gym.games.crafter.world import Cell, View

VITALS = ("health", "food", "drink", "energy")
_ASLEEP = "You are sleeping, and will not be able take actions until energy is full."
_DEAD = "You died."


class CrafterText(NamedTuple):
    """The two texts of a frame.

    Attributes:
        observation: The nearest cell of each kind in view, and what the player faces.
        status: The vitals and the inventory.
    """

    observation: str
    status: str


def describe(
    view: View,
    facing: Cell,
    inventory: Mapping[str, int],
    *,
    sleeping: bool = False,
    unique_items: bool = True,
) -> CrafterText:
    """Describes what a player sees.

    Args:
        view: Names by column from west to east, each from north to south, with the player in the
            middle; None outside the world. Both sides are odd.
        facing: The step from the player to the cell in front of it: (1, 0) is east, (0, 1) south.
        inventory: How many of each item the player has, the vitals among them.
        sleeping: Whether the player sleeps.
        unique_items: Whether only the nearest cell of each kind is told, or every cell.
    """
    state = _ASLEEP if sleeping else _DEAD if inventory["health"] <= 0 else ""
    cells = [name for column in view for name in column]
    wheres = _wheres(len(view), len(view[0]))
    middle = len(cells) // 2
    ahead = cells[middle + facing[0] * len(view[0]) + facing[1]]
    cells[middle] = None
    lines = _nearest(cells, wheres) if unique_items else _all(cells, wheres)
    seen = "\n".join(("You see:", *lines)) if lines else "You see nothing away from you."
    return CrafterText(
        f"{state}\n\n\n\n{seen}\n\nYou face {ahead or 'nothing'} at your front.".lstrip("\n"),
        _status(tuple(inventory.items())),
    )


class _Where(NamedTuple):
    steps: int
    text: str


def _nearest(cells: Sequence[str | None], wheres: Sequence[_Where]) -> list[str]:
    """One line per kind, in order of first appearance; of equally near cells the first is told."""
    nearest: dict[str | None, _Where] = {}
    for name, where in zip(cells, wheres, strict=True):
        known = nearest.get(name)
        if known is None or where.steps < known.steps:
            nearest[name] = where
    nearest.pop(None, None)
    return [f"- {name} {where.text}" for name, where in nearest.items()]


def _all(cells: Sequence[str | None], wheres: Sequence[_Where]) -> list[str]:
    return [f"- {n} {w.text}" for n, w in zip(cells, wheres, strict=True) if n is not None]


@functools.cache
def _wheres(width: int, height: int) -> list[_Where]:
    """Where each cell of a view lies, seen from its middle."""
    wheres = []
    for x in range(-(width // 2), width // 2 + 1):
        for y in range(-(height // 2), height // 2 + 1):
            steps = abs(x) + abs(y)
            upright = "north" if y < 0 else "south" if y else ""
            level = "west" if x < 0 else "east" if x else ""
            direction = "-".join(filter(None, (upright, level)))
            wheres.append(_Where(steps, f"{steps} step{'s' * (steps > 1)} to your {direction}"))
    return wheres


@functools.lru_cache(maxsize=1024)  # the status stays the same for many steps in a row
def _status(inventory: tuple[tuple[str, int], ...]) -> str:
    amounts = dict(inventory)
    vitals = [f"- {name}: {amounts[name]}/9" for name in VITALS]
    items = [f"- {name}: {n}" for name, n in inventory if n and name not in VITALS]
    carried = ["Your inventory:", *items] if items else ["You have nothing in your inventory."]
    return "\n".join(["Your status:", *vitals, "", *carried])
