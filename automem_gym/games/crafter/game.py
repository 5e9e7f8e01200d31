"""Crafter as a text game: the episodes of BALROG's wrapper, without its pictures."""

from __future__ import annotations

import functools
import tomllib
from importlib.resources import files
from typing import Any

import numpy as np
from crafter import constants, objects

from automem_gym.game import EpisodeEnd, Frame
from automem_gym.games.crafter import population, terrain
from automem_gym.games.crafter.surroundings import surroundings
from automem_gym.games.crafter.text import CrafterText, describe
from automem_gym.games.crafter.world import VIEW_SIZE, Cell, View, World
from automem_gym.games.crafter.world_game import WorldGame
from memory_fs.suggestion import unknown_name

_FOLDER = files(__package__)
_ACTIONS: dict[str, str] = tomllib.loads((_FOLDER / "actions.toml").read_text(encoding="utf-8"))
_INSTRUCTIONS = (_FOLDER / "instructions.md").read_text(encoding="utf-8")
_FACING = {(-1, 0): "west", (1, 0): "east", (0, -1): "north", (0, 1): "south"}

_ACTIVE_DISTANCE = 18  # steps from the player within which creatures live; crafter's 2 * max(view)
_BALANCE_PERIOD = 10  # steps
# At night crafter draws one number (two words) for each of the 252 x 196 pixels of the map, and
# BALROG draws each of its 256 x 256 pictures twice.
_NIGHT = 0.5
WORDS_PER_NIGHT_STEP = 2 * (252 * 196) * 2


class CrafterGame(WorldGame):
    """Crafter: survive in a wilderness and unlock 22 achievements.

    An episode follows ``crafter.Env(seed=seed)`` under BALROG's wrapper draw for draw: reset plays
    one Noop, and what its pictures would draw at night is drawn. It goes on until the player dies.

    Args:
        area: Width and height of the world in cells, each at least 9.
        unique_items: Whether the observation tells of each kind of thing only the nearest, as
            BALROG does, or every cell in view.

    Raises:
        ValueError: If the area is too small.
    """

    def __init__(self, area: Cell = (64, 64), unique_items: bool = True) -> None:
        if len(area) != 2 or min(area) < VIEW_SIZE[0]:
            raise ValueError(f"area is {area!r}; it must be a width and a height of at least 9")
        super().__init__((int(area[0]), int(area[1])))
        self._unique_items = unique_items
        self._unlocked: list[str] = []
        self._over = False

    @property
    def actions(self) -> list[str]:
        """The names of the valid actions."""
        return list(_ACTIONS)

    @property
    def default_action(self) -> str:
        """The action that does nothing."""
        return "Noop"

    @property
    def instructions(self) -> str:
        """The rules, the actions and the achievements."""
        return _INSTRUCTIONS

    @property
    def progression(self) -> float:
        """Achievements unlocked in this episode, as a share of all 22."""
        return len(self._unlocked) / len(constants.achievements)

    def reset(self, seed: int) -> Frame:
        """Makes the world of this seed and plays the first Noop in it.

        Args:
            seed: What ``crafter.Env`` would be given; a non-negative integer.
        """
        # What crafter seeds its first episode with. Hashes of integers are the same everywhere.
        self._world = world = World(self._area, hash((int(seed), 1)) % (2**31 - 1))
        self._player = objects.Player(world, (self._area[0] // 2, self._area[1] // 2))
        tunnels = terrain.lay_ground(world, self._player)
        world.add(self._player)
        terrain.settle(world, self._player, tunnels)
        self._step = 0
        self._over = False
        self._health = self._player.health
        self._unlocked = []
        frame = self.step(self.default_action)
        frame.reward = 0.0
        return frame

    def step(self, action: str) -> Frame:
        """Executes one action.

        Args:
            action: One of ``actions``.

        Raises:
            ValueError: If there is no such action.
            RuntimeError: Before the first reset, and after the end of an episode.
        """
        world = self._started()
        if self._over:
            raise RuntimeError("the episode is over; call reset(seed) to start another")
        if action not in _ACTIONS:
            raise unknown_name("action", action, _ACTIONS)
        self._player.action = _ACTIONS[action]
        self._advance(world)
        reward = self._score()
        view = world.view(world.places[self._player])
        text = self._describe(view)
        self._over = self._player.health <= 0
        return Frame(
            observation=text.observation,
            status=text.status,
            reward=reward,
            end=EpisodeEnd.DIED if self._over else None,
            facts=self._facts(world),
            surroundings=surroundings(view),
        )

    def _status(self, world: World) -> str:
        return self._describe(world.view(world.places[self._player])).status

    def _advance(self, world: World) -> None:
        """One step of ``crafter.Env``, with the draws of the pictures that follow it."""
        self._step += 1
        world.daylight = _daylight(self._step)
        things = iter(world.objects)
        next(things).update()  # the player, who was there first
        x, y = world.places[self._player]
        for thing in things:
            thing_x, thing_y = world.places[thing]
            if abs(thing_x - x) + abs(thing_y - y) < _ACTIVE_DISTANCE:
                thing.update()
        if self._step % _BALANCE_PERIOD == 0:
            population.balance(world, self._player)
        if world.daylight < _NIGHT:
            world.random.skip(WORDS_PER_NIGHT_STEP)

    def _score(self) -> float:
        """The step's reward; notes what it unlocked."""
        reward: float = (self._player.health - self._health) / 10
        self._health = self._player.health
        done = self._player.achievements
        new = [name for name, count in done.items() if count and name not in self._unlocked]
        self._unlocked += new
        return reward + 1.0 if new else reward

    def _describe(self, view: View) -> CrafterText:
        return describe(
            view,
            self._player.facing,
            self._player.inventory,
            sleeping=self._player.sleeping,
            unique_items=self._unique_items,
        )

    def _facts(self, world: World) -> dict[str, Any]:
        player = self._player
        return {
            "position": list(world.places[player]),
            "facing": _FACING[player.facing],
            "sleeping": player.sleeping,
            "daylight": world.daylight,
            "inventory": dict(player.inventory),
            # How often each was done, in the order in which they were unlocked.
            "achievements": {name: player.achievements[name] for name in self._unlocked},
        }


@functools.lru_cache(maxsize=10_000)
def _daylight(step: int) -> float:
    """How bright it is, in [0, 1]; below 0.5 it is night. A day has 300 steps."""
    # With numpy's functions, as in crafter: the last bit may decide how many creatures appear.
    progress = (step / 300) % 1 + 0.3
    return float(1 - np.abs(np.cos(np.pi * progress)) ** 3)
