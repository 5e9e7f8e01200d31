"""Crafter itself, made repeatable, as what our own parts are compared with."""

import collections

import crafter
import pytest
from crafter import engine


class OrderedSet(dict):
    def add(self, thing):
        self[thing] = None

    def remove(self, thing):
        del self[thing]


class OrderedWorld(engine.World):
    def reset(self, seed=None):
        super().reset(seed)
        self._chunks = collections.defaultdict(OrderedSet)


class Crafter(crafter.Env):
    """Crafter with ordered chunks; its pictures are drawn only where a test asks for them."""

    def __init__(self, seed, area=(64, 64), pictures=False):
        super().__init__(area=area, size=(256, 256), seed=seed)
        self._world.__class__ = OrderedWorld
        self.pictures = pictures

    def render(self, size=None):
        if self.pictures:
            return super().render(size)
        if self._world.daylight < 0.5:
            self._world.random.uniform(32, 127, (252, 196))
        return None

    def play(self, action):
        """A step of BALROG's wrapper, which renders once more."""
        reward, over = self.step(action)[1:3]
        self.render()
        return reward, over

    @property
    def ground(self):
        names = self._world._mat_names
        return [[names[cell] for cell in column] for column in self._world._mat_map.tolist()]


@pytest.fixture(scope="session")
def stock():
    return Crafter
