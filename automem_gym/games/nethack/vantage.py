"""The map as it lies around one cell: what can be computed once for each place of the player."""

from functools import cache, lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from automem_gym.games.nethack.distance import band_and_direction

ROWS, COLUMNS = 21, 79  # nle's map

# A place is packed into the bits of one integer, so that sorting places sorts what is said of them:
# band of distance, direction, order of appearance. The low bits are left for a name.
NAME_BITS = 12
ORDER_BITS = 12
DIRECTION_SHIFT = NAME_BITS + ORDER_BITS
BAND_SHIFT = DIRECTION_SHIFT + 4

# Cells along a straight line on which features are named.
RAY_LENGTH = 9

_STRAIGHT = {  # (columns to the east, rows to the south) of one step
    "north": (0, -1),
    "northeast": (1, -1),
    "east": (1, 0),
    "southeast": (1, 1),
    "south": (0, 1),
    "southwest": (-1, 1),
    "west": (-1, 0),
    "northwest": (-1, -1),
}


class Lines(NamedTuple):
    """The straight lines from a cell to the edge of the map, one after the other.

    Attributes:
        cells: Indices into the flat map, nearest first in each line.
        spans: Direction and the first and last (excluded) position in ``cells`` of each line; lines
            without a cell are left out.
    """

    cells: NDArray[np.intp]
    spans: tuple[tuple[str, int, int], ...]


class Vantage(NamedTuple):
    """What is the same for all frames with the player in one cell.

    Attributes:
        cell: The player's own cell, as an index into the flat map.
        places: The packed place of each cell of the map; the own cell sorts behind all others.
        rays: The straight lines, at most ``RAY_LENGTH`` long.
        ray_places: The packed place of each of their cells.
        lines: The straight lines to the edge of the map.
    """

    cell: int
    places: NDArray[np.int32]
    rays: Lines
    ray_places: tuple[int, ...]
    lines: Lines


@lru_cache(maxsize=1024)
def vantage(x: int, y: int) -> Vantage | None:
    """The map around column x, row y; None for a cell outside the map."""
    if not (0 <= x < COLUMNS and 0 <= y < ROWS):
        return None
    around = _places_around()[
        ROWS - 1 - y : 2 * ROWS - 1 - y, COLUMNS - 1 - x : 2 * COLUMNS - 1 - x
    ]
    places = around.ravel() + (np.arange(ROWS * COLUMNS, dtype=np.int32) << NAME_BITS)
    rays = _lines(x, y, RAY_LENGTH)
    ray_places = []
    for direction, start, stop in rays.spans:
        dx, dy = _STRAIGHT[direction]
        for steps in range(1, stop - start + 1):
            # Behind all cells of the map that lie in the same place.
            order = ROWS * COLUMNS + steps
            ray_places.append(_place(dx * steps, dy * steps) + (order << NAME_BITS))
    return Vantage(
        y * COLUMNS + x, places, rays, tuple(ray_places), _lines(x, y, max(ROWS, COLUMNS))
    )


@cache
def _places_around() -> NDArray[np.int32]:
    """Places (without order) of all cells of a map around a cell in the middle."""
    return np.array(
        [[_place(dx, dy) for dx in range(1 - COLUMNS, COLUMNS)] for dy in range(1 - ROWS, ROWS)],
        np.int32,
    )


def _place(dx: int, dy: int) -> int:
    if not (dx or dy):
        return HERE
    band, direction = band_and_direction(dx, dy)
    return band << BAND_SHIFT | direction << DIRECTION_SHIFT


HERE = 5 << BAND_SHIFT  # one more than the last band


def _lines(x: int, y: int, length: int) -> Lines:
    cells: list[int] = []
    spans = []
    for direction, (dx, dy) in _STRAIGHT.items():
        start = len(cells)
        for steps in range(1, length + 1):
            column, row = x + dx * steps, y + dy * steps
            if not (0 <= column < COLUMNS and 0 <= row < ROWS):
                break
            cells.append(row * COLUMNS + column)
        if len(cells) > start:
            spans.append((direction, start, len(cells)))
    return Lines(np.array(cells, np.intp), tuple(spans))
