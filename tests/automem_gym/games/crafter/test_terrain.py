import pytest
from crafter import objects

from automem_gym.games.crafter import terrain
from automem_gym.games.crafter.world import World


def made(seed, area, margin=terrain.MARGIN):
    world = World(area, hash((seed, 1)) % (2**31 - 1))
    player = objects.Player(world, (area[0] // 2, area[1] // 2))
    tunnels = terrain.lay_ground(world, player, margin)
    world.add(player)
    terrain.settle(world, player, tunnels)
    return world


def creatures(world):
    return [(type(thing).__name__, *thing.pos.tolist()) for thing in world.objects]


def assert_same(ours, theirs):
    assert ours.ground == theirs.ground
    assert creatures(ours) == creatures(theirs._world)
    assert ours.random.uniform() == theirs._world.random.uniform()


@pytest.mark.parametrize(
    ("seed", "area"),
    [(42, (64, 64)), (306, (64, 64)), *((seed, (40, 27)) for seed in range(10))],
)
def test_worlds_are_crafters(stock, seed, area):
    theirs = stock(seed, area)
    theirs.reset()
    assert_same(made(seed, area), theirs)


@pytest.mark.parametrize("seed", range(3))
def test_cells_close_to_a_threshold_are_the_librarys(stock, seed, monkeypatch):
    asked = []
    decide = terrain.worldgen._set_material
    theirs = stock(seed, (40, 40))
    theirs.reset()
    monkeypatch.setattr(
        terrain.worldgen, "_set_material", lambda *args: (asked.append(args[1]), decide(*args))
    )
    assert_same(made(seed, (40, 40), margin=0.02), theirs)
    assert 20 < len(asked) < 40 * 40


def test_the_geometry_is_shared_between_worlds():
    assert terrain._noises((40, 40)) is terrain._noises((40, 40))
