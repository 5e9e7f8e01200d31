"""The language observation: what lies where, seen from the player.

Two sources feed it. Landmarks (creatures, objects, and features such as stairs) are named wherever
they lie on the map. Other features are named only along the eight straight lines from the player,
up to the first wall or dark area. Floors and corridors are never named.
"""

from collections.abc import Callable
from functools import cache, lru_cache

import numpy as np
from numpy.typing import NDArray

from automem_gym.game import COMPASS
from automem_gym.games.nethack.distance import BANDS, DIRECTIONS, STYLES, band_and_direction
from automem_gym.games.nethack.glyphs import glyph_tables
from automem_gym.games.nethack.plurals import plural
from automem_gym.games.nethack.vantage import COLUMNS, RAY_LENGTH, ROWS, Vantage

_TABLES = glyph_tables()

# Each thing is one integer, so that sorting integers puts the things in order. From the top: band
# of distance and direction (together a sector), cell of the map or, behind all of these, steps
# along a ray, and name.
_NAME_BITS = len(_TABLES.names).bit_length()
_CELL_BITS = (ROWS * COLUMNS).bit_length()
_RAY = 1 << _NAME_BITS + _CELL_BITS
_SECTOR_SHIFT = _NAME_BITS + _CELL_BITS + 1
_BAND_SHIFT = _SECTOR_SHIFT + 4
_SECTORS = len(BANDS) * len(DIRECTIONS)

# Things of one name in one band of distance make a group. The directions of a group are a set of
# bits: in the lower half those seen at all, in the upper half those seen more than once.
_NAME_MASK = (1 << _NAME_BITS) - 1
_GROUP_MASK = -1 << _BAND_SHIFT | _NAME_MASK
_HALF = len(DIRECTIONS)
_SEEN_SHIFT = _BAND_SHIFT + 4
_DIRECTION_BIT = tuple(1 << bit for bit in range(len(DIRECTIONS))) * len(BANDS)

_LANDMARKS: list[int] = _TABLES.landmarks.tolist()
_RAY_NAMES = _TABLES.ray_names
_PASSED, _OPAQUE = 1, 2
_RAY_KINDS = bytes(
    0 if feature == 0 else _PASSED if feature < _TABLES.first_opaque else _OPAQUE
    for feature in range(256)
)


def language_observation(
    glyphs: NDArray[np.uint16], line_glyphs: NDArray[np.uint16], vantage: Vantage, style: str
) -> str:
    """Says what lies where: farthest first, then clockwise from north.

    Args:
        glyphs: The flat map.
        line_glyphs: The glyphs in ``vantage.line_cells``.
        vantage: The map around the player.
        style: How distances are worded, see ``automem_gym.games.nethack.distance``.
    """
    things = _landmarks(glyphs, vantage) + _features(line_glyphs, vantage)
    things.sort()
    if things and things[-1] >> _SECTOR_SHIFT >= _SECTORS:
        things.pop()  # the player
    groups: dict[int, int] = {}
    for thing in things:
        group = thing & _GROUP_MASK
        direction = _DIRECTION_BIT[thing >> _SECTOR_SHIFT]
        if group in groups:
            again = groups[group] & direction
            groups[group] |= direction << _HALF if again else direction
        else:
            groups[group] = direction
    write = _writer(style)
    return "\n".join([write(seen << _SEEN_SHIFT | group) for group, seen in groups.items()])


def _landmarks(glyphs: NDArray[np.uint16], vantage: Vantage) -> list[int]:
    cells = _TABLES.is_landmark.take(glyphs).nonzero()[0]
    sectors = vantage.sectors
    return [
        sectors[cell] << _SECTOR_SHIFT | cell << _NAME_BITS | _LANDMARKS[glyph]
        for cell, glyph in zip(cells.tolist(), glyphs.take(cells).tolist(), strict=True)
    ]


def _features(line_glyphs: NDArray[np.uint16], vantage: Vantage) -> list[int]:
    features = _TABLES.ray.take(line_glyphs).tobytes()
    kinds = features.translate(_RAY_KINDS)
    passes_any = _PASSED in kinds
    things = []
    for direction, start, stop, _ in vantage.lines:
        end = kinds.find(_OPAQUE, start, stop)
        if end >= 0:
            things.append(_RAY_PLACES[direction][end - start] | _RAY_NAMES[features[end]])
            stop = end
        if passes_any:
            at = kinds.find(_PASSED, start, stop)
            while at >= 0:
                things.append(_RAY_PLACES[direction][at - start] | _RAY_NAMES[features[at]])
                at = kinds.find(_PASSED, at + 1, stop)
    return things


def _ray_places(dx: int, dy: int) -> list[int]:
    places = []
    for steps in range(1, RAY_LENGTH + 1):
        band, direction = band_and_direction(dx * steps, dy * steps)
        sector = band * len(DIRECTIONS) + direction
        places.append(sector << _SECTOR_SHIFT | _RAY | steps << _NAME_BITS)
    return places


# All that is known of a thing on a ray but its name, by direction and steps.
_RAY_PLACES = {direction: _ray_places(*step) for direction, step in COMPASS.items()}


@cache
def _writer(style: str) -> Callable[[int], str]:
    """Returns a function that writes the one or two lines of a group, and remembers them."""
    distances = STYLES[style]

    @lru_cache(maxsize=1 << 16)
    def write(packed: int) -> str:
        name = _TABLES.names[packed & _NAME_MASK]
        distance = distances[packed >> _BAND_SHIFT & 15]
        seen = packed >> _SEEN_SHIFT
        many = seen >> _HALF
        one = seen & ~many & (1 << _HALF) - 1
        several = plural(name)
        if several == name and one and many:
            # Where the plural reads like the singular, the plural's directions stand in both lines.
            one = many
        lines = [(name, one), (several, many)]
        return "\n".join(
            f"{what} {distance} {_directions(which)}" for what, which in lines if which
        )

    return write


@cache
def _directions(which: int) -> str:
    words = [word for bit, word in enumerate(DIRECTIONS) if which >> bit & 1]
    if len(words) < 3:
        return " and ".join(words)
    return f"{', '.join(words[:-1])}, and {words[-1]}"
