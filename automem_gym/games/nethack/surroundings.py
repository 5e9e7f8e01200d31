"""What the player meets first in each of the eight directions."""

from collections.abc import Mapping
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from automem_gym.game import Sight
from automem_gym.games.nethack.glyphs import glyph_tables
from automem_gym.games.nethack.vantage import vantage

_TABLES = glyph_tables()


def flat_glyphs(glyphs: ArrayLike) -> NDArray[np.uint16]:
    """The map as one row of 16-bit glyphs, the form that the tables index by."""
    return np.ascontiguousarray(glyphs, np.int16).view(np.uint16).ravel()


def surroundings(frame: Mapping[str, NDArray[np.generic]]) -> dict[str, Sight]:
    """The nearest thing on the straight line from the player in each direction.

    A thing is all that the text names, near or far: creatures, objects, doors and doorways, walls,
    stairs, and a dark area (blank map). Floors and corridors are not.

    Args:
        frame: nle's arrays ``glyphs`` and ``blstats``.

    Returns:
        The sights by direction (``north``, ``northeast``, ...), clockwise. A direction with nothing
        but plain ground up to the edge of the map is absent; so are all while the player is not on
        the map.
    """
    x, y = frame["blstats"][:2].tolist()
    return _sights(flat_glyphs(frame["glyphs"]).tobytes(), x, y).copy()


# A quarter of all frames show the map of the one before.
@lru_cache(maxsize=64)
def _sights(glyphs: bytes, x: int, y: int) -> dict[str, Sight]:
    around = vantage(x, y)
    if around is None:
        return {}
    names = _TABLES.things.take(np.frombuffer(glyphs, np.uint16).take(around.line_cells))
    is_thing = (names > 0).tobytes()
    sights = {}
    for direction, start, _, stop in around.lines:
        at = is_thing.find(True, start, stop)
        if at >= 0:
            sights[direction] = _sight(names.item(at), at - start + 1)
    return sights


@lru_cache(maxsize=1 << 16)
def _sight(name: int, steps: int) -> Sight:
    return Sight(_TABLES.names[name], steps)
