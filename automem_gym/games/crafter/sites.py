"""Two far places in a world of Crafter, between which one can walk."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from crafter import constants

from automem_gym.games.crafter.world import VIEW_SIZE, Cell, World

#: Steps of way from the start to the first site, and from there to the second: least and most.
FIRST, SECOND = (6, 20), (25, 40)
_STEPS = ((0, -1), (1, 0), (0, 1), (-1, 0))


def choose_sites(world: World, start: Cell) -> tuple[Cell, Cell] | None:
    """Draws two sites in the open, so that things that stand there bar no way.

    Args:
        world: A world whose ground is laid; the choice is drawn from its random numbers.
        start: Where the player begins.

    Returns:
        The first site and the second one; None where there are none in reach.
    """
    near = ways(world, start)
    first = _drawn(world, near, FIRST, lambda cell: True)
    if first is None:
        return None

    def hidden(cell: Cell) -> bool:
        # From no cell beside the one can the other be seen.
        away = [abs(here - there) for here, there in zip(cell, first, strict=True)]
        return any(d > size // 2 + 1 for d, size in zip(away, VIEW_SIZE, strict=True))

    second = _drawn(world, ways(world, first), SECOND, hidden)
    return None if second is None else (first, second)


def ways(world: World, start: Cell) -> dict[Cell, int]:
    """How many steps it takes to walk from a cell to each that can be reached."""
    steps, waiting = {start: 0}, deque([start])
    while waiting:
        x, y = waiting.popleft()
        for dx, dy in _STEPS:
            cell = (x + dx, y + dy)
            if cell not in steps and world[cell][0] in constants.walkable:
                steps[cell] = steps[x, y] + 1
                waiting.append(cell)
    return steps


def _drawn(
    world: World, steps: dict[Cell, int], bounds: tuple[int, int], fits: Callable[[Cell], bool]
) -> Cell | None:
    """One of the cells at a distance that stand in the open and fit."""
    cells = [
        cell
        for cell, count in sorted(steps.items())
        if bounds[0] <= count <= bounds[1] and fits(cell) and _open(world, cell)
    ]
    return cells[world.random.randint(0, len(cells))] if cells else None


def _open(world: World, cell: Cell) -> bool:
    """Whether a cell and the eight around it can be walked on."""
    around = [(cell[0] + x, cell[1] + y) for x in (-1, 0, 1) for y in (-1, 0, 1)]
    return all(world[place][0] in constants.walkable for place in around)
