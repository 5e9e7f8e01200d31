"""The language observation: what lies where, seen from the player.

Two sources feed it. Landmarks (creatures, objects, and features such as stairs) are named wherever
they lie on the map. Other features are named only along the eight straight lines from the player,
up to the first wall or dark area. Floors and corridors are never named.
"""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from automem_gym.games.nethack import vantage as places
from automem_gym.games.nethack.distance import DIRECTIONS, band_names
from automem_gym.games.nethack.glyphs import OPAQUE, PASSED, glyph_tables
from automem_gym.games.nethack.plurals import plural
from automem_gym.games.nethack.vantage import Vantage

_NAME_MASK = (1 << places.NAME_BITS) - 1
_GROUP_MASK = -1 << places.BAND_SHIFT | _NAME_MASK
_MANY_SHIFT = len(DIRECTIONS)
_TABLES = glyph_tables()


def language_observation(glyphs: NDArray[np.uint16], vantage: Vantage, style: str) -> str:
    """Says what lies where: farthest first, then clockwise from north.

    Args:
        glyphs: The flat map.
        vantage: The map around the player.
        style: How distances are worded, see ``automem_gym.games.nethack.distance``.
    """
    items = _landmarks(glyphs, vantage) + _features(glyphs, vantage)
    items.sort()
    if items and items[-1] >= places.HERE:
        items.pop()  # the player
    # Things of one name in one band of distance share a line, which stands where the first stood.
    # Two sets of directions for each: those with one such thing, and those with more.
    groups: dict[int, int] = {}
    for item in items:
        group = item & _GROUP_MASK
        seen = groups.get(group, 0)
        direction = 1 << (item >> places.DIRECTION_SHIFT & 15)
        groups[group] = seen | (direction << _MANY_SHIFT if seen & direction else direction)
    return "\n".join([_lines(group, seen, style) for group, seen in groups.items()])


def _landmarks(glyphs: NDArray[np.uint16], vantage: Vantage) -> list[int]:
    cells = _TABLES.is_landmark.take(glyphs).nonzero()[0]
    packed = vantage.places.take(cells) + _TABLES.landmarks.take(glyphs.take(cells))
    items: list[int] = packed.tolist()
    return items


def _features(glyphs: NDArray[np.uint16], vantage: Vantage) -> list[int]:
    seen = glyphs.take(vantage.rays.cells)
    kinds = _TABLES.ray.take(seen).tobytes()
    any_passed = PASSED in kinds
    at = []
    for _, start, stop in vantage.rays.spans:
        end = kinds.find(OPAQUE, start, stop)
        if end >= 0:
            at.append(end)
        if any_passed:
            span = range(start, end if end >= 0 else stop)
            at.extend(position for position in span if kinds[position] == PASSED)
    names = _TABLES.things.take(seen).tolist()
    return [vantage.ray_places[position] + names[position] for position in at]


@lru_cache(maxsize=1 << 16)
def _lines(group: int, seen: int, style: str) -> str:
    name = _TABLES.names[group & _NAME_MASK]
    distance = band_names(style)[group >> places.BAND_SHIFT]
    many = seen >> _MANY_SHIFT
    one = seen & ~many & (1 << _MANY_SHIFT) - 1
    several = plural(name)
    if several == name and one and many:
        # Where the plural reads like the singular, the text says the plural's directions twice.
        one = many
    lines = [(name, one), (several, many)]
    return "\n".join(f"{what} {distance} {_directions(which)}" for what, which in lines if which)


def _directions(which: int) -> str:
    words = [word for bit, word in enumerate(DIRECTIONS) if which >> bit & 1]
    if len(words) < 3:
        return " and ".join(words)
    return f"{', '.join(words[:-1])}, and {words[-1]}"
