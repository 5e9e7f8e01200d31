"""Solves Boxoban levels: a best-first search over pushes, with the walks between them."""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import count
from typing import TypeAlias

Cell = tuple[int, int]
Boxes = frozenset[Cell]
# The actions up to a push: those before it, and its own.
_Trail: TypeAlias = "tuple[_Trail, list[str]] | None"

STEPS: Mapping[str, Cell] = {"north": (-1, 0), "east": (0, 1), "south": (1, 0), "west": (0, -1)}


@dataclass(frozen=True)
class Level:
    """A level; cells are (row, column).

    Attributes:
        floor: All cells that are not wall.
        goals: Where the boxes have to go.
        boxes: Where they are.
        player: Where the player is.
    """

    floor: frozenset[Cell]
    goals: frozenset[Cell]
    boxes: Boxes
    player: Cell

    @classmethod
    def from_text(cls, text: str) -> Level:
        """Reads a level in the characters of the published ones; ``*`` is a box on a goal."""
        cells = {
            (row, column): sign
            for row, line in enumerate(text.splitlines())
            for column, sign in enumerate(line)
            if sign != "#"
        }
        return cls(
            floor=frozenset(cells),
            goals=frozenset(cell for cell, sign in cells.items() if sign in ".*+"),
            boxes=frozenset(cell for cell, sign in cells.items() if sign in "$*"),
            player=next(cell for cell, sign in cells.items() if sign in "@+"),
        )


def solve(level: Level, max_states: int = 200_000) -> list[str] | None:
    """Finds actions that solve a level, few of them but not always the fewest.

    Arrangements between which the player can walk count as one, which the first way that is found
    to any of them settles.

    Args:
        level: The level.
        max_states: Gives up after looking at so many arrangements of the boxes.

    Returns:
        Names of directions, or None where there is no solution within that effort.
    """
    distance = _push_distances(level)
    if any(box not in distance for box in level.boxes):
        return None
    ticket = count()  # decides between equals, so that the heap never compares the rest
    heap: list[tuple[int, int, int, Boxes, Cell, _Trail]] = [
        (_estimate(level.boxes, distance), next(ticket), 0, level.boxes, level.player, None)
    ]
    seen: set[tuple[Boxes, Cell]] = set()
    while heap and len(seen) < max_states:
        _, _, taken, boxes, player, trail = heapq.heappop(heap)
        paths = _walks(player, level.floor - boxes)
        state = (boxes, min(paths))
        if state in seen:
            continue
        seen.add(state)
        if boxes == level.goals:
            return _unwind(trail)
        for box, stand, ahead, name in _pushes(boxes, paths, level.floor):
            moved = boxes - {box} | {ahead}
            if ahead in distance and not _jammed(ahead, moved, level):
                actions = [*_route(paths, stand), name]
                total = taken + len(actions)
                rank = total + _estimate(moved, distance)
                heapq.heappush(heap, (rank, next(ticket), total, moved, box, (trail, actions)))
    return None


def _push_distances(level: Level) -> dict[Cell, int]:
    """Pushes from each cell to the nearest goal of an empty board; lost cells are absent."""
    distance = dict.fromkeys(level.goals, 0)
    edge = deque(level.goals)
    while edge:
        row, column = edge.popleft()
        for down, right in STEPS.values():
            box, stand = (row - down, column - right), (row - 2 * down, column - 2 * right)
            if box in level.floor and stand in level.floor and box not in distance:
                distance[box] = distance[row, column] + 1
                edge.append(box)
    return distance


def _estimate(boxes: Boxes, distance: Mapping[Cell, int]) -> int:
    return sum(distance[box] for box in boxes)


def _walks(player: Cell, free: frozenset[Cell]) -> dict[Cell, tuple[Cell, str] | None]:
    """Every cell that the player can walk to, with the cell before it on the shortest way."""
    paths: dict[Cell, tuple[Cell, str] | None] = {player: None}
    edge = deque([player])
    while edge:
        cell = edge.popleft()
        for name, (down, right) in STEPS.items():
            after = (cell[0] + down, cell[1] + right)
            if after in free and after not in paths:
                paths[after] = (cell, name)
                edge.append(after)
    return paths


def _route(paths: Mapping[Cell, tuple[Cell, str] | None], cell: Cell) -> list[str]:
    route = []
    while (before := paths[cell]) is not None:
        cell, name = before
        route.append(name)
    return route[::-1]


def _pushes(
    boxes: Boxes, reached: Mapping[Cell, object], floor: frozenset[Cell]
) -> Iterator[tuple[Cell, Cell, Cell, str]]:
    """Every push: the box, where the player stands, where the box goes, and the direction."""
    for box in sorted(boxes):
        for name, (down, right) in STEPS.items():
            stand, ahead = (box[0] - down, box[1] - right), (box[0] + down, box[1] + right)
            if stand in reached and ahead in floor and ahead not in boxes:
                yield box, stand, ahead, name


def _jammed(box: Cell, boxes: Boxes, level: Level) -> bool:
    """Whether a box stands in a full two-by-two block in which some box is off its goal."""
    row, column = box
    for down in (-1, 0):
        for right in (-1, 0):
            block = [(row + down + r, column + right + c) for r in (0, 1) for c in (0, 1)]
            if all(cell in boxes or cell not in level.floor for cell in block) and any(
                cell in boxes and cell not in level.goals for cell in block
            ):
                return True
    return False


def _unwind(trail: _Trail) -> list[str]:
    parts: list[list[str]] = []
    while trail is not None:
        trail, part = trail
        parts.append(part)
    return [name for part in reversed(parts) for name in part]
