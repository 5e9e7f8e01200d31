import pytest
from crafter import objects

from automem_gym.games.crafter.world import World


@pytest.fixture
def world():
    world = World((30, 20), seed=1)
    ground = [["grass"] * 20 for _ in range(30)]
    world.lay(ground)
    return world


def put(world, x, y):
    cow = objects.Cow(world, (x, y))
    world.add(cow)
    return cow


def test_a_cell_holds_ground_and_at_most_one_object(world):
    cow = put(world, 3, 4)
    assert world[3, 4] == ("grass", cow)
    assert world[4, 4] == ("grass", None)
    with pytest.raises(AssertionError):
        put(world, 3, 4)


@pytest.mark.parametrize("cell", [(-1, 0), (0, -1), (30, 0), (0, 20)])
def test_there_is_nothing_outside(world, cell):
    assert world[cell] == (None, None)


def test_objects_stay_in_order_of_arrival(world):
    cows = [put(world, x, 1) for x in (5, 2, 9)]
    world.move(cows[0], (6, 1))
    world.remove(cows[1])
    world.remove(cows[1])
    assert world.objects == [cows[0], cows[2]]
    assert world.places == {cows[0]: (6, 1), cows[2]: (9, 1)}


def test_a_chunk_keeps_its_order_until_a_creature_leaves_it(world):
    first, second = put(world, 0, 0), put(world, 5, 5)
    world.move(first, (1, 0))
    assert list(world.chunks[0, 0]) == [first, second]
    world.move(first, (12, 0))
    world.move(first, (11, 0))
    assert list(world.chunks[0, 0]) == [second, first]
    assert world.chunks[1, 0] == {}


def test_what_was_removed_moves_no_more(world):
    cow = put(world, 3, 3)
    world.remove(cow)
    world.move(cow, (4, 3))
    assert world[4, 3] == ("grass", None)
    assert world.view((4, 3))[4][3] == "grass"


def test_the_view_shows_objects_over_ground_and_nothing_outside(world):
    cow = put(world, 1, 0)
    world[0, 1] = "water"
    view = world.view((0, 0))
    assert (len(view), {len(column) for column in view}) == (9, {7})
    assert view[3] == [None] * 7
    assert view[4] == [None, None, None, "grass", "water", "grass", "grass"]
    assert view[5][3] == "cow"
    world[1, 0] = "sand"
    assert world.view((0, 0))[5][3] == "cow"
    world.remove(cow)
    assert world.view((0, 0))[5][3] == "sand"
    assert world.view((29, 19))[5] == [None] * 7


def test_chunks_count_their_ground(world):
    world[13, 2] = "path"
    world[12, 3] = "path"
    world[13, 2] = "path"
    assert world.count((1, 0), "path") == 2
    assert world.count((1, 0), "grass") == 12 * 12 - 2
    assert world.count((2, 1), "grass") == 6 * 8
    assert world.cells((1, 0), "path") == [(12, 3), (13, 2)]


def test_nearby_ends_at_the_low_edges_as_in_crafter(world):
    world[3, 3] = "table"
    cow = put(world, 4, 3)
    assert world.nearby((2, 2), 1) == ({"grass", "table"}, set())
    assert world.nearby((3, 2), 1) == ({"grass", "table"}, {cow})
    assert world.nearby((0, 2), 1) == (set(), set())
