"""What the player meets first in each of the eight directions."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from automem_gym.game import Sight
from automem_gym.games.nethack.glyphs import glyph_tables
from automem_gym.games.nethack.vantage import Vantage

_TABLES = glyph_tables()


def surroundings(line_glyphs: NDArray[np.uint16], vantage: Vantage) -> dict[str, Sight]:
    """The nearest thing on the straight line from the player in each direction.

    A thing is all that the text names, near or far: creatures, objects, doors and doorways, walls,
    stairs, and a dark area (blank map). Floors and corridors are not.

    Args:
        line_glyphs: The glyphs in ``vantage.line_cells``.
        vantage: The map around the player.

    Returns:
        The sights by direction (``north``, ``northeast``, ...), clockwise. A direction with nothing
        but plain ground up to the edge of the map is absent.
    """
    names = _TABLES.things.take(line_glyphs)
    is_thing = (names > 0).tobytes()
    sights = {}
    for direction, start, _, stop in vantage.lines:
        at = is_thing.find(True, start, stop)
        if at >= 0:
            sights[direction] = _sight(names.item(at), at - start + 1)
    return sights


@lru_cache(maxsize=1 << 16)
def _sight(name: int, steps: int) -> Sight:
    return Sight(_TABLES.names[name], steps)
