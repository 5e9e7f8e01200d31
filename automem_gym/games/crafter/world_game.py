"""What all games in the worlds of Crafter are: a world, a player in it, and their pictures."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any

from automem_gym.games.crafter import tiles
from automem_gym.games.crafter.render import Painter, draw_text
from automem_gym.games.crafter.world import Cell, World
from automem_gym.scene import SceneKind, Tile


class WorldGame(ABC):
    """Draws the player's surroundings; how it is played is told by the game itself.

    Args:
        area: Width and height of the world in cells.
    """

    _player: Any  # crafter's own class, which has no types

    def __init__(self, area: Cell) -> None:
        self._area = area
        self._world: World | None = None
        self._painter: Painter | None = None
        self._step = 0

    def render(self, mode: str) -> Any:
        """Draws the current frame; this changes nothing in the episode.

        Args:
            mode: ``ansi`` (a map for a terminal) or ``rgb_array`` (crafter's picture,
                shape (576, 576, 3), uint8).

        Raises:
            ValueError: If there is no such mode.
            RuntimeError: Before the first reset.
        """
        world = self._started()
        if mode == "ansi":
            return draw_text(self.scene(), self._status(world))
        if mode == "rgb_array":
            self._painter = self._painter or Painter(self._area)
            return self._painter.paint(world, self._player, self._step)
        raise ValueError(f"unknown render mode {mode!r}; the modes are 'ansi' and 'rgb_array'")

    @property
    def scene_kind(self) -> SceneKind:
        """A map of tiles."""
        return "tiles"

    def scene(self) -> str:
        """The view around the player, 7 lines of 9 characters, as the tileset tells them.

        Raises:
            RuntimeError: Before the first reset.
        """
        world = self._started()
        return tiles.draw(world, world.places[self._player])

    @classmethod
    def tileset(cls) -> Mapping[str, Tile]:
        """The tiles by character, 16 by 16 pixels each."""
        return tiles.tileset()

    def close(self) -> None:
        """Forgets the world and the textures."""
        self._world = None
        self._painter = None

    def _started(self) -> World:
        if self._world is None:
            raise RuntimeError("no episode has been started; call reset(seed) first")
        return self._world

    @abstractmethod
    def _status(self, world: World) -> str:
        """The status text of the current frame."""
