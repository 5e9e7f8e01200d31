"""Ways over a map: breadth-first search, with the rules of doors."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection
from functools import cache

from agents.explorer.terminal.map import AROUND, MOVES
from agents.explorer.terminal.terrain import CLOSED_DOOR, FLOOR, OPEN_DOOR

#: What is walked on without a second thought.
WALKABLE = frozenset({FLOOR, OPEN_DOOR})
_STRAIGHT = frozenset(MOVES[direction] for direction in ("north", "east", "south", "west"))

Edge = tuple[int, int]


def flood(
    kind: bytearray,
    start: int,
    enter: Collection[int] = WALKABLE,
    blocked: Collection[Edge] = (),
    diagonal: bool = True,
) -> dict[int, int]:
    """All cells that can be reached.

    Args:
        kind: The kind of every cell; a door is neither entered nor left diagonally.
        start: Where to start.
        enter: The kinds that may be entered.
        blocked: Moves (from, to) that are known not to work.
        diagonal: Whether diagonal moves exist.

    Returns:
        Each cell with the one before it on a shortest way; nearest first, the start before itself.
    """
    before = {start: start}
    passable = kind.translate(_passable(frozenset(enter)))
    edge = deque((start,))
    offsets = AROUND if diagonal else AROUND[:4]
    while edge:
        cell = edge.popleft()
        in_door = kind[cell] in (OPEN_DOOR, CLOSED_DOOR)
        for offset in offsets:
            after = cell + offset
            if not passable[after] or after in before:
                continue
            if offset not in _STRAIGHT and (
                in_door or kind[after] == OPEN_DOOR or kind[after] == CLOSED_DOOR
            ):
                continue
            if blocked and (cell, after) in blocked:
                continue
            before[after] = cell
            edge.append(after)
    return before


@cache
def _passable(enter: frozenset[int]) -> bytes:
    """A table that translates the kinds that may be entered to 1, and all others to 0."""
    return bytes(kind in enter for kind in range(256))


def way(before: dict[int, int], goal: int) -> list[int]:
    """The cells from the start (not in it) to a goal that `flood` has reached."""
    cells = []
    while before[goal] != goal:
        cells.append(goal)
        goal = before[goal]
    return cells[::-1]
