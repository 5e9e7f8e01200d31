"""Boxoban levels of our own: solvable, and a function of the seed alone.

A level starts solved, with every box on a goal. Then the player walks backwards and pulls boxes
away; whoever walks the same way forwards pushes them home, so that a solution exists.
"""

from __future__ import annotations

import random
from collections import deque
from dataclasses import dataclass

Cell = tuple[int, int]

_STEPS = ((-1, 0), (0, 1), (1, 0), (0, -1))
_TURN_CHANCE = 0.35


@dataclass(frozen=True)
class Size:
    """How large a level is.

    Attributes:
        side: Cells on a side, the walls around it included.
        floor: Cells that are not wall.
        boxes: Boxes, and goals.
        pulls: Steps that the boxes are pulled away from the goals; a solution has at most as many
            pushes.
    """

    side: int
    floor: int
    boxes: int
    pulls: int


SIZES = {
    "unfiltered": Size(side=8, floor=20, boxes=2, pulls=10),
    "medium": Size(side=8, floor=22, boxes=3, pulls=16),
    "hard": Size(side=10, floor=36, boxes=4, pulls=28),
}
"""The sizes for the names of the published sets."""

MOST_ACTIONS = 80
"""Every level has a solution of at most so many actions; an episode has 100."""


def generate(seed: int, size: Size) -> str:
    """Makes the level of a seed.

    Args:
        seed: Any int; the same seed and size give the same level everywhere.
        size: How large it is.

    Returns:
        Rows joined by newlines, in the characters of the published levels.
    """
    draw = random.Random(seed)
    while True:
        floor = _carve(draw, size)
        goals = draw.sample(sorted(floor), size.boxes)
        boxes, player, actions = _pull_away(draw, floor, goals, size.pulls)
        if actions <= MOST_ACTIONS and player not in goals and _is_apart(boxes, goals):
            return _draw(size.side, floor, set(goals), boxes, player)


def _carve(draw: random.Random, size: Size) -> set[Cell]:
    """Digs a connected room: a walk that turns now and then, two cells wide."""
    row = column = size.side // 2
    step = draw.choice(_STEPS)
    floor: set[Cell] = set()
    while len(floor) < size.floor:
        floor |= {(row, column), (row, min(column + 1, size.side - 2))}
        if draw.random() < _TURN_CHANCE:
            step = draw.choice(_STEPS)
        row = min(max(row + step[0], 1), size.side - 2)
        column = min(max(column + step[1], 1), size.side - 2)
    return floor


def _pull_away(
    draw: random.Random, floor: set[Cell], goals: list[Cell], pulls: int
) -> tuple[set[Cell], Cell, int]:
    """Plays backwards from the solved level; gives boxes and player at the end, and the actions."""
    boxes, actions = set(goals), 0
    player = draw.choice(sorted(floor - boxes))
    for _ in range(pulls):
        walks = _walks(player, floor - boxes)
        choices = [
            (box, ahead, beyond)
            for box in sorted(boxes)
            for ahead, beyond in _pulls_of(box)
            if ahead in walks and beyond in floor and beyond not in boxes
        ]
        if not choices:
            break
        box, ahead, player = draw.choice(choices)
        boxes = boxes - {box} | {ahead}
        actions += walks[ahead] + 1
    return boxes, player, actions


def _is_apart(boxes: set[Cell], goals: list[Cell]) -> bool:
    """Whether the boxes are far enough from the goals: two steps from the nearest on average."""
    nearest = [min(abs(r - row) + abs(c - column) for r, c in goals) for row, column in boxes]
    return min(nearest) > 0 and sum(nearest) >= 2 * len(boxes)


def _pulls_of(box: Cell) -> list[tuple[Cell, Cell]]:
    row, column = box
    return [((row + r, column + c), (row + 2 * r, column + 2 * c)) for r, c in _STEPS]


def _walks(start: Cell, free: set[Cell]) -> dict[Cell, int]:
    """The cells that a player can walk to, with the steps that it takes."""
    steps, edge = {start: 0}, deque([start])
    while edge:
        row, column = cell = edge.popleft()
        for down, right in _STEPS:
            after = (row + down, column + right)
            if after in free and after not in steps:
                steps[after] = steps[cell] + 1
                edge.append(after)
    return steps


def _draw(side: int, floor: set[Cell], goals: set[Cell], boxes: set[Cell], player: Cell) -> str:
    signs = dict.fromkeys(floor, " ") | dict.fromkeys(goals, ".") | dict.fromkeys(boxes, "$")
    signs[player] = "@"
    return "\n".join(
        "".join(signs.get((row, column), "#") for column in range(side)) for row in range(side)
    )
