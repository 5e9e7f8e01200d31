"""Pictures of the game for people: as text for a terminal, or with crafter's textures."""

from __future__ import annotations

from typing import Any

import numpy as np
from crafter import constants, engine
from numpy.typing import NDArray

from automem_gym.games.crafter.tiles import LOOKS
from automem_gym.games.crafter.world import VIEW_SIZE, Cell, World

_UNIT = 64  # pixels per cell
_ITEM_ROWS = 2  # rows of cells under the map that show the inventory


def draw_text(scene: str, status: str) -> str:
    """Draws a coloured map, with what it shows and the status below it.

    Args:
        scene: A scene of :mod:`automem_gym.games.crafter.tiles`.
        status: The status text.
    """
    rows = [" ".join(map(_coloured, line)) for line in scene.splitlines()]
    shown = [character for character in dict.fromkeys(scene) if character in LOOKS]
    legend = "  ".join(f"{_coloured(character)} {LOOKS[character].name}" for character in shown)
    return "\n".join([*rows, "", legend, "", status])


def _coloured(character: str) -> str:
    look = LOOKS.get(character)
    return character if look is None else f"\x1b[38;5;{look.color}m{character}\x1b[0m"


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
