"""Rules of the language observation that few recorded frames exercise."""

import numpy as np
import pytest
from nle import nethack

from automem_gym.games.nethack.text import describe

DARK = nethack.GLYPH_CMAP_OFF
WALL = DARK + 1
DOORWAY = DARK + 12
CLOSED_DOOR = DARK + 15
FLOOR = DARK + 19
ICE = DARK + 33
ARROW_TRAP = DARK + 42
MONSTERS = {nethack.permonst(kind).mname: kind for kind in range(nethack.NUMMONS)}
JACKAL = MONSTERS["jackal"]
OBJECTS = {
    nethack.objdescr.from_idx(kind).oc_name: nethack.GLYPH_OBJ_OFF + kind
    for kind in range(nethack.NUM_OBJECTS)
}


def sightings(glyphs, x=40, y=10):
    blstats = np.zeros(27, np.int64)
    blstats[:2] = x, y
    return describe(
        {
            "glyphs": glyphs,
            "blstats": blstats,
            "tty_chars": np.full((24, 80), ord(" "), np.uint8),
            "tty_cursor": np.array([0, 0], np.uint8),
            "inv_letters": np.zeros(55, np.uint8),
            "inv_strs": np.zeros((55, 80), np.uint8),
        }
    ).glyphs


@pytest.fixture
def floor():
    return np.full((21, 79), FLOOR, np.int16)


def test_ground_has_no_name(floor):
    assert sightings(floor) == ""


def test_farthest_first_then_clockwise(floor):
    floor[10, 42] = JACKAL
    floor[8, 40] = JACKAL + nethack.GLYPH_PET_OFF
    floor[0, 40] = JACKAL + nethack.GLYPH_STATUE_OFF
    assert sightings(floor).split("\n") == [
        "jackal statue far north",
        "tame jackal very near north",
        "jackal very near east",
    ]


def test_several_in_one_direction_make_a_plural_line_after_the_singular(floor):
    floor[7, 40] = floor[6, 40] = floor[10, 43] = JACKAL
    assert sightings(floor).split("\n") == ["jackal near east", "jackals near north"]


@pytest.mark.parametrize(
    ("name", "plural"),
    [
        ("quarterstaff", "quarterstaves"),
        ("can of grease", "cans of grease"),
        ("leash", "leashes"),
        ("large box", "large boxes"),
        ("knife", "knifes"),
        ("ruby", "red rubies"),
        ("diamond", "white diamonds"),
        ("worthless piece of red glass", "worthless pieces of red glass"),
        ("cornuthaum", "conical hats"),
        ("levitation boots", "snow boots"),
        ("enchant weapon", "scrolls labeled DAIYEN FOOELS"),
        ("food ration", "food rations"),
    ],
)
def test_plurals_of_objects(floor, name, plural):
    floor[7, 40] = floor[6, 40] = OBJECTS[name]
    assert sightings(floor) == f"{plural} near north"


def test_a_plural_that_reads_like_the_singular_is_said_twice(floor):
    floor[7, 40] = floor[6, 40] = floor[10, 43] = OBJECTS["iron shoes"]
    assert sightings(floor) == "hard shoes near north\nhard shoes near north"


def test_ch_takes_only_an_s(floor):
    floor[7, 40] = floor[6, 40] = MONSTERS["lich"]
    assert sightings(floor) == "lichs near north"


def test_ice_is_an_area_in_the_plural(floor):
    floor[7, 40] = floor[6, 40] = ICE
    assert sightings(floor) == "area of ice near north"


def test_three_directions_have_commas(floor):
    floor[9, 40] = floor[11, 40] = floor[10, 39] = JACKAL
    assert sightings(floor) == "jackal adjacent north, south, and west"


def test_a_ray_passes_doors_and_creatures_and_ends_at_a_wall(floor):
    floor[10, 41:47] = [DOORWAY, CLOSED_DOOR, JACKAL, ARROW_TRAP, WALL, ARROW_TRAP]
    assert sightings(floor).split("\n") == [
        "jackal near east",
        "arrow trap near east",
        "vertical wall near east",
        "vertical closed door very near east",
        "doorway adjacent east",
    ]


def test_a_ray_is_nine_cells_long(floor):
    floor[10, 49] = ARROW_TRAP
    floor[10, 30] = ARROW_TRAP
    assert sightings(floor) == "arrow trap far east"


def test_features_off_the_rays_are_not_named_but_landmarks_are(floor):
    floor[8, 41] = ARROW_TRAP
    floor[12, 41] = CLOSED_DOOR
    assert sightings(floor) == "vertical closed door very near southsoutheast"


@pytest.mark.parametrize(("x", "y"), [(0, 0), (78, 0), (0, 20), (78, 20)])
def test_the_player_in_a_corner_sees_only_the_map(x, y):
    dark = np.full((21, 79), DARK, np.int16)
    assert sightings(dark, x, y).count(",") <= 2
    assert sightings(dark, x, y).startswith("dark area adjacent ")


def test_a_player_outside_the_map_sees_nothing(floor):
    floor[10, 41] = JACKAL
    assert sightings(floor, x=79) == sightings(floor, y=-1) == ""
