"""The ground and the first creatures of a new world: crafter's, decided for all cells at once.

``crafter.worldgen`` asks ``opensimplex`` for up to 13 noise values per cell, one at a time. Here
the noise of all cells comes at once. Where a value lies so close to a threshold that rounding could
tip it, the library itself decides that cell, so that the worlds are the library's for certain. The
random numbers are drawn for the same cells in the same order.
"""

from __future__ import annotations

import functools
from typing import Any, NamedTuple

import numpy as np
import opensimplex
from crafter import constants, objects, worldgen
from numpy.typing import NDArray

from automem_gym.games.crafter.noise import Noise, permutation
from automem_gym.games.crafter.world import Cell, World

# Far above the rounding of sums (1e-14), and rarely met by chance.
MARGIN = 1e-9

# Noise by name: what x and y are divided by, then what both are divided by, and z. The divisions
# stand as the library makes them: a product rounded otherwise could meet another tetrahedron.
_NOISES = {
    "start": (1, 1, 3, 8),
    "water": (1, 1, 15, 3),
    "ripple": (1, 1, 5, 3),
    "mountain": (1, 1, 15, 0),
    "ridge": (1, 1, 5, 0),
    "cave": (1, 1, 7, 6),
    "level tunnel": (0.5, 5, 3, 7),
    "upright tunnel": (5, 0.5, 3, 7),
    "coal": (1, 1, 8, 1),
    "iron": (1, 1, 6, 2),
    "lava": (1, 1, 5, 6),
    "beach": (1, 1, 9, 4),
    "tree": (1, 1, 7, 5),
}

# What is left to chance in a cell of plain stone or grass: which draws it makes.
_COAL, _IRON, _DIAMOND, _LAVA, _TREE, _ASK_LIBRARY = (1 << bit for bit in range(6))


class _Plan(NamedTuple):
    """The ground as far as noise alone decides it."""

    ground: list[list[str]]
    tunnels: NDArray[np.bool_]
    chances: NDArray[np.int64]


def lay_ground(world: World, player: Any, margin: float = MARGIN) -> NDArray[np.bool_]:
    """Lays the ground of a new world.

    Args:
        world: The world, from which no random number has been drawn.
        player: Crafter's player, not yet added to the world.
        margin: Cells with a noise value so close to a threshold are left to the library.

    Returns:
        Which cells are tunnels, shape ``world.area``.
    """
    seed = world.random.randint(0, 2**31 - 1)
    plan = _plan(world.area, tuple(player.pos.tolist()), seed, margin)
    world.lay(plan.ground)
    uniform = world.random.uniform
    simplex = None
    xs, ys = np.nonzero(plan.chances)
    for x, y, chance in zip(xs.tolist(), ys.tolist(), plan.chances[xs, ys].tolist(), strict=True):
        if chance == _ASK_LIBRARY:
            simplex = simplex or opensimplex.OpenSimplex(seed)
            worldgen._set_material(world, (x, y), player, plan.tunnels, simplex)
        elif chance == _TREE:
            if uniform() > 0.8:
                world[x, y] = "tree"
        elif chance & _COAL and uniform() > 0.85:
            world[x, y] = "coal"
        elif chance & _IRON and uniform() > 0.75:
            world[x, y] = "iron"
        elif chance & _DIAMOND and uniform() > 0.994:
            world[x, y] = "diamond"
        elif chance & _LAVA:
            world[x, y] = "lava"
    return plan.tunnels


def settle(world: World, player: Any, tunnels: NDArray[np.bool_]) -> None:
    """Puts the first creatures into a world whose ground is laid and which holds the player.

    Args:
        world: The world.
        player: Crafter's player.
        tunnels: What ``lay_ground`` returned.
    """
    uniform = world.random.uniform
    player_x, player_y = player.pos.tolist()
    for x, column in enumerate(world.ground):
        for y, material in enumerate(column):
            if material not in constants.walkable:
                continue
            distance = (x - player_x) ** 2 + (y - player_y) ** 2
            if distance > 3**2 and material == "grass" and uniform() > 0.985:
                world.add(objects.Cow(world, (x, y)))
            elif distance > 10**2 and uniform() > 0.993:
                world.add(objects.Zombie(world, (x, y), player))
            elif material == "path" and tunnels[x, y] and uniform() > 0.95:
                world.add(objects.Skeleton(world, (x, y), player))


def _plan(area: Cell, center: Cell, seed: int, margin: float) -> _Plan:
    shuffled = permutation(seed)
    noise = {name: values(shuffled).reshape(area) for name, values in _noises(area).items()}
    x, y = np.ogrid[: area[0], : area[1]]
    start = 4 - np.sqrt((x - center[0]) ** 2 + (y - center[1]) ** 2) + 2 * noise["start"]
    start = 1 / (1 + np.exp(-start))
    water = noise["water"] + 0.15 * noise["ripple"] + 0.1 - 2 * start
    mountain = (noise["mountain"] + 0.3 * noise["ridge"]) / 1.3 - 4 * start - 0.3 * water
    close = np.zeros(area, bool)

    def above(values: NDArray[np.float64], threshold: float) -> NDArray[np.bool_]:
        np.logical_or(close, np.abs(values - threshold) < margin, out=close)
        return values > threshold

    rock = above(mountain, 0.15)
    cave = rock & above(noise["cave"], 0.15) & above(mountain, 0.3)
    tunnel = above(noise["level tunnel"], 0.4) | above(noise["upright tunnel"], 0.4)
    tunnel &= rock & ~cave
    shore = above(water, 0.25) & ~above(water, 0.35) & above(noise["beach"], -0.2)
    chances = _COAL * above(noise["coal"], 0) + _IRON * above(noise["iron"], 0.4)
    chances += _DIAMOND * above(mountain, 0.18)
    chances += _LAVA * (above(mountain, 0.3) & above(noise["lava"], 0.35))
    # From the last choice to the first: what stands above a line overrules it.
    ground = np.full(area, "grass", object)
    ground[above(water, 0.3)] = "water"
    ground[shore] = "sand"
    ground[rock] = "stone"
    ground[cave | tunnel] = "path"
    home = above(start, 0.5)
    ground[home] = "grass"
    chances[ground != "stone"] = 0
    chances[(ground == "grass") & ~home & above(noise["tree"], 0)] = _TREE
    chances[close] = _ASK_LIBRARY
    return _Plan(ground.tolist(), tunnel & ~home & ~close, chances)


@functools.lru_cache(maxsize=4)  # 9 MB for the standard area, shared by all games
def _noises(area: Cell) -> dict[str, Noise]:
    x, y = (axis.ravel() for axis in np.indices(area))
    return {
        name: Noise(np.column_stack([x / x_by / size, y / y_by / size, np.full(x.size, z)]))
        for name, (x_by, y_by, size, z) in _NOISES.items()
    }
