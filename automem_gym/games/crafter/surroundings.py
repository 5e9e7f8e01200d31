"""What lies on the straight lines away from the player."""

from __future__ import annotations

import functools

from automem_gym.game import COMPASS, Sight
from automem_gym.games.crafter.world import View

PLAIN_GROUND = frozenset({"grass", "sand", "path"})  # all that one can walk on without dying


def surroundings(view: View) -> dict[str, Sight]:
    """The nearest thing in each of the eight directions that is not plain ground.

    Args:
        view: As ``describe`` takes it.

    Returns:
        Directions with nothing but plain ground up to the end of the view or the world are absent.
    """
    sights = {}
    for direction, ray in _rays(len(view), len(view[0])):
        for x, y, steps in ray:
            name = view[x][y]
            if name is not None and name not in PLAIN_GROUND:
                sights[direction] = Sight(name, steps)
                break
    return sights


@functools.cache
def _rays(width: int, height: int) -> list[tuple[str, list[tuple[int, int, int]]]]:
    """The cells of each ray, as column, row and steps."""
    rays = []
    for direction, (dx, dy) in COMPASS.items():
        reach = min(width // 2 if dx else width, height // 2 if dy else height)
        ray = [(width // 2 + n * dx, height // 2 + n * dy, n) for n in range(1, reach + 1)]
        rays.append((direction, ray))
    return rays
