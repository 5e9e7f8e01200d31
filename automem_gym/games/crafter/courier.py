"""A courier's rounds in the worlds of Crafter: a task in which the way has to be remembered."""

from __future__ import annotations

from importlib.resources import files
from itertools import count
from typing import Any

from crafter import objects

from automem_gym.game import EpisodeEnd, Frame
from automem_gym.games.crafter import terrain
from automem_gym.games.crafter.sites import choose_sites
from automem_gym.games.crafter.surroundings import surroundings
from automem_gym.games.crafter.text import describe
from automem_gym.games.crafter.world import Cell, World
from automem_gym.games.crafter.world_game import WorldGame
from memory_fs.suggestion import unknown_name

AREA: Cell = (64, 64)
#: Deliveries after which an episode is solved.
PARCELS = 15
_MOVES: dict[str, Cell] = {
    "Move West": (-1, 0),
    "Move East": (1, 0),
    "Move North": (0, -1),
    "Move South": (0, 1),
}
_ACTIONS = ("Noop", *_MOVES, "Do")
_COMPASS = {step: name.removeprefix("Move ").lower() for name, step in _MOVES.items()}
_INSTRUCTIONS = (files(__package__) / "courier.md").read_text(encoding="utf-8")


class CourierGame(WorldGame):
    """Carries parcels from a table to a furnace that stand far apart.

    The ground is that of Crafter's worlds. Nothing lives there, nothing changes and lava is stone,
    so that an episode tells one thing only: how well the player finds its way again.
    """

    def __init__(self) -> None:
        super().__init__(AREA)
        self._delivered, self._carries = 0, False

    @property
    def actions(self) -> list[str]:
        """The names of the valid actions."""
        return list(_ACTIONS)

    @property
    def default_action(self) -> str:
        """The action that does nothing."""
        return _ACTIONS[0]

    @property
    def instructions(self) -> str:
        """The rules and the actions."""
        return _INSTRUCTIONS

    @property
    def progression(self) -> float:
        """Parcels delivered in this episode, as a share of all 15."""
        return self._delivered / PARCELS

    def reset(self, seed: int) -> Frame:
        """Makes the world of this seed.

        Args:
            seed: A non-negative integer. Where Crafter's world of this seed has no two sites in
                reach of the start, another one is made from the seed.
        """
        # The first is the world of Crafter's own episode of this seed.
        worlds = (_world(hash((int(seed), attempt)) % (2**31 - 1)) for attempt in count(1))
        world, self._player, sites = next(filter(None, worlds))
        self._sites = dict(zip(("table", "furnace"), sites, strict=True))
        for name, cell in self._sites.items():
            world[cell] = name
        world.add(self._player)
        self._world, self._step = world, 0
        self._delivered, self._carries = 0, False
        return self._frame(world, 0.0)

    def step(self, action: str) -> Frame:
        """Executes one action.

        Args:
            action: One of ``actions``.

        Raises:
            ValueError: If there is no such action.
            RuntimeError: Before the first reset, and after the end of an episode.
        """
        world = self._started()
        if self._delivered == PARCELS:
            raise RuntimeError("the episode is over; call reset(seed) to start another")
        if action not in _ACTIONS:
            raise unknown_name("action", action, _ACTIONS)
        self._step += 1
        if action in _MOVES:
            self._player.facing = _MOVES[action]
            self._player.move(_MOVES[action])
        reward = self._use(world) if action == "Do" else 0.0
        return self._frame(world, reward)

    def _use(self, world: World) -> float:
        """Takes or delivers a parcel at what the player faces; gives the reward."""
        (x, y), (dx, dy) = world.places[self._player], self._player.facing
        material, _ = world[x + dx, y + dy]
        if material == "table":
            self._carries = True
        elif material == "furnace" and self._carries:
            self._carries = False
            self._delivered += 1
            return 1.0
        return 0.0

    def _frame(self, world: World, reward: float) -> Frame:
        player = self._player
        view = world.view(world.places[player])
        return Frame(
            observation=describe(view, player.facing, player.inventory).observation,
            status=self._status(world),
            reward=reward,
            end=EpisodeEnd.SOLVED if self._delivered == PARCELS else None,
            facts={
                "position": list(world.places[player]),
                "facing": _COMPASS[player.facing],
                "carries": self._carries,
                "delivered": self._delivered,
                "sites": {name: list(cell) for name, cell in self._sites.items()},
            },
            surroundings=surroundings(view),
        )

    def _status(self, world: World) -> str:
        carried = (
            "Your inventory:\n- parcel: 1"
            if self._carries
            else "You have nothing in your inventory."
        )
        return f"Your status:\n- delivered: {self._delivered}/{PARCELS}\n\n{carried}"


def _world(seed: int) -> tuple[World, Any, tuple[Cell, Cell]] | None:
    """A world, the player that is to be put into it, and its sites; None where it has none."""
    world, start = World(AREA, seed), (AREA[0] // 2, AREA[1] // 2)
    player = objects.Player(world, start)
    terrain.lay_ground(world, player)
    world.daylight = 1.0
    for x, column in enumerate(world.ground):
        for y, material in enumerate(column):
            if material == "lava":
                world[x, y] = "stone"
    sites = choose_sites(world, start)
    return None if sites is None else (world, player, sites)
