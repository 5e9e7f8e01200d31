import pytest

from automem_gym.games.crafter.sites import FIRST, SECOND, choose_sites, ways
from automem_gym.games.crafter.world import World


def island(*rows):
    """A world in which ``.`` is grass and all else water."""
    world = World((len(rows[0]), len(rows)), 1)
    world.lay(
        [["grass" if row[x] == "." else "water" for row in rows] for x in range(len(rows[0]))]
    )
    return world


def test_ways_lead_around_what_cannot_be_entered():
    steps = ways(island("...~.", ".~~~.", "....."), (2, 0))
    assert (steps[0, 0], steps[4, 2], steps[4, 0]) == (2, 8, 10)
    assert (3, 0) not in steps


def test_sites_lie_in_the_open_and_as_far_apart_as_it_is_told():
    world = island(*["~" * 50, *["~" + "." * 48 + "~"] * 12, "~" * 50])
    first, second = choose_sites(world, (2, 2))
    assert FIRST[0] <= ways(world, (2, 2))[first] <= FIRST[1]
    assert SECOND[0] <= ways(world, first)[second] <= SECOND[1]
    for x, y in (first, second):
        assert {world[x + dx, y + dy][0] for dx in (-1, 0, 1) for dy in (-1, 0, 1)} == {"grass"}


@pytest.mark.parametrize("width", [6, 20])
def test_a_small_island_has_none(width):
    world = island(*["~" * width, *["~" + "." * (width - 2) + "~"] * 4, "~" * width])
    assert choose_sites(world, (2, 2)) is None
