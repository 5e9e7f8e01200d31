import pytest

from automem_gym.game import Sight
from automem_gym.games.crafter.surroundings import surroundings


@pytest.fixture
def view():
    return [["grass", "sand", "path", "grass", "grass", "sand", "path"] for _ in range(9)]


def test_plain_ground_is_nothing_to_tell_of(view):
    assert surroundings(view) == {}


def test_the_nearest_thing_on_each_line(view):
    view[4][2] = view[4][0] = "tree"  # north, twice
    view[8][3] = "water"
    view[7][6] = "cow"
    view[2][1] = "stone"
    view[0][0] = "lava"  # on no line
    assert surroundings(view) == {
        "north": Sight("tree", 1),
        "east": Sight("water", 4),
        "southeast": Sight("cow", 3),
        "northwest": Sight("stone", 2),
    }


def test_the_edge_of_the_world_is_nothing_to_tell_of(view):
    assert surroundings([*([None] * 7 for _ in range(4)), *view[4:]]) == {}
