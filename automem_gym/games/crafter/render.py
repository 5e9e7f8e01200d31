"""Pictures of the game for people: as text for a terminal, or with crafter's textures."""

from __future__ import annotations

from typing import Any

import numpy as np
from crafter import constants, engine
from numpy.typing import NDArray

from automem_gym.games.crafter.world import VIEW_SIZE, Cell, View, World

_UNIT = 64  # pixels per cell
_ITEM_ROWS = 2  # rows of cells under the map that show the inventory

# One sign per kind of cell, and its colour among a terminal's 256.
_SIGNS = {
    "grass": (".", 34),
    "sand": (",", 222),
    "path": (":", 180),
    "water": ("~", 33),
    "lava": ("^", 202),
    "stone": ("#", 245),
    "tree": ("T", 22),
    "coal": ("c", 240),
    "iron": ("i", 216),
    "diamond": ("d", 51),
    "table": ("t", 130),
    "furnace": ("f", 160),
    "cow": ("C", 255),
    "zombie": ("Z", 46),
    "skeleton": ("S", 253),
    "arrow": ("*", 253),
    "plant": ("p", 118),
    None: (" ", 0),
}
_PLAYER = {(-1, 0): "<", (1, 0): ">", (0, -1): "A", (0, 1): "V"}


def draw_text(view: View, facing: Cell, status: str) -> str:
    """Draws a coloured map with what it shows beside it, and the status below.

    Args:
        view: As ``describe`` takes it.
        facing: As ``describe`` takes it.
        status: The status text.
    """
    names = list(zip(*view, strict=True))
    rows = [[_coloured(*_SIGNS.get(name, ("?", 255))) for name in row] for row in names]
    rows[len(rows) // 2][len(view) // 2] = _coloured(_PLAYER[facing], 231)
    kinds = dict.fromkeys(name for row in names for name in row if name in _SIGNS)
    legend = [f"{_coloured(*_SIGNS[kind])} {kind}" for kind in kinds if kind is not None]
    return "\n".join([*(" ".join(row) for row in rows), "", "  ".join(legend), "", status])


def _coloured(sign: str, colour: int) -> str:
    return f"\x1b[38;5;{colour}m{sign}\x1b[0m"


class Painter:
    """Paints with crafter's textures, and with random numbers of its own.

    Args:
        area: Width and height of the world in cells.
    """

    def __init__(self, area: Cell) -> None:
        textures = engine.Textures(constants.root / "assets")
        self._scene = _Scene(area)
        self._map = engine.LocalView(self._scene, textures, VIEW_SIZE)
        self._items = engine.ItemView(textures, (VIEW_SIZE[0], _ITEM_ROWS))

    def paint(self, world: World, player: Any, step: int) -> NDArray[np.uint8]:
        """Paints a frame; the same frame gives the same picture.

        Args:
            world: The world.
            player: Crafter's player.
            step: The step of the episode, which seeds the noise of the night.

        Returns:
            The picture, shape (576, 576, 3).
        """
        unit = np.array((_UNIT, _UNIT))
        self._scene.enter(world, step)
        picture = np.concatenate(
            [self._map(player, unit), self._items(player.inventory, unit)], axis=1
        )
        self._scene.leave()
        return picture.astype(np.uint8).transpose((1, 0, 2))


class _Scene:
    """The world as crafter's painters know it, but for its random numbers."""

    def __init__(self, area: Cell) -> None:
        self.area = area
        self._world: World | None = None

    def enter(self, world: World, seed: int) -> None:
        self._world = world
        self.objects = world.objects
        self.daylight = world.daylight
        self.random = np.random.RandomState(seed)

    def leave(self) -> None:
        # Crafter's painters stay in a cache of theirs for good; the worlds need not.
        self._world, self.objects = None, []

    def __getitem__(self, pos: Any) -> tuple[str | None, Any]:
        assert self._world is not None
        return self._world[pos]
