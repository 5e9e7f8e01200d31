import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nle import nethack

from automem_gym.game import COMPASS, Sight
from automem_gym.games.nethack.text import describe

DARK = nethack.GLYPH_CMAP_OFF
DOORWAY = DARK + 12
OPEN_DOOR = DARK + 13
GROUND = range(DARK + 19, DARK + 23)


def frame(glyphs, x=40, y=10):
    blstats = np.zeros(27, np.int64)
    blstats[:2] = x, y
    return {
        "glyphs": glyphs,
        "blstats": blstats,
        "tty_chars": np.full((24, 80), ord(" "), np.uint8),
        "tty_cursor": np.array([0, 0], np.uint8),
        "inv_letters": np.zeros(55, np.uint8),
        "inv_strs": np.zeros((55, 80), np.uint8),
    }


def surroundings(frame):
    return describe(frame).surroundings


@pytest.fixture
def floor():
    return np.full((21, 79), GROUND[0], np.int16)


def test_ground_is_nothing_to_tell(floor):
    assert surroundings(frame(floor)) == {}


def test_the_nearest_thing_counts(floor):
    floor[10, 43:47] = [DOORWAY, 0, 1, 2]
    floor[9, 41] = OPEN_DOOR
    floor[:5, 40] = DARK
    assert surroundings(frame(floor)) == {
        "north": Sight("dark area", 6),
        "northeast": Sight("vertical open door", 1),
        "east": Sight("doorway", 3),
    }


def test_a_line_reaches_the_edge_of_the_map(floor):
    floor[10, 78] = floor[10, 0] = 0
    floor[0, 0] = floor[20, 78] = 1  # on no line
    assert surroundings(frame(floor)) == {
        "east": Sight("giant ant", 38),
        "west": Sight("giant ant", 40),
    }


@pytest.mark.parametrize(("x", "y", "count"), [(0, 0, 3), (78, 20, 3), (0, 10, 5), (40, 0, 5)])
def test_nothing_lies_beyond_the_edge(x, y, count):
    dark = np.full((21, 79), DARK, np.int16)
    sights = surroundings(frame(dark, x, y))
    assert list(sights.values()) == [Sight("dark area", 1)] * count


@pytest.mark.parametrize(("x", "y"), [(-1, 0), (79, 3), (5, 21), (5, -1), (10**12, 0)])
def test_a_player_outside_the_map_has_no_surroundings(floor, x, y):
    floor[:] = DARK
    assert surroundings(frame(floor, x, y)) == {}


@settings(max_examples=60, deadline=None)
@given(
    st.integers(0, 2**32 - 1), st.integers(0, 78), st.integers(0, 20), st.sampled_from([0.01, 0.3])
)
def test_every_sight_is_the_first_cell_that_is_not_ground(seed, x, y, density):
    rng = np.random.default_rng(seed)
    glyphs = rng.choice(list(GROUND), (21, 79)).astype(np.int16)
    occupied = rng.random((21, 79)) < density
    glyphs[occupied] = rng.choice([0, 400, 2000, DARK, DOORWAY, OPEN_DOOR], occupied.sum())
    sights = surroundings(frame(glyphs, x, y))
    for direction, (dx, dy) in COMPASS.items():
        column, row, steps = x + dx, y + dy, 1
        while 0 <= column < 79 and 0 <= row < 21 and glyphs[row, column] in GROUND:
            column, row, steps = column + dx, row + dy, steps + 1
        if 0 <= column < 79 and 0 <= row < 21:
            assert sights.pop(direction).steps == steps
        else:
            assert direction not in sights
    assert sights == {}


def test_names_are_those_of_the_language_observation(floor):
    for glyph in range(nethack.MAX_GLYPH):
        floor[10, 41] = glyph
        text = describe(frame(floor))
        sight = text.surroundings.get("east")
        assert text.glyphs == (f"{sight.name} adjacent east" if sight else "")


def test_the_surroundings_are_the_callers_own(floor):
    floor[10, 41] = 0
    text = describe(frame(floor))
    text.surroundings.clear()
    assert surroundings(frame(floor)) == {"east": Sight("giant ant", 1)}
