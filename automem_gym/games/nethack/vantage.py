"""The map as it lies around one cell: what can be computed once for each place of the player."""

from functools import cache, lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from automem_gym.game import COMPASS
from automem_gym.games.nethack.distance import DIRECTIONS, band_and_direction

ROWS, COLUMNS = 21, 79  # nle's map

# Cells along a straight line on which features are named.
RAY_LENGTH = 9


class Line(NamedTuple):
    """One straight line from a cell to the edge of the map.

    Attributes:
        direction: One of ``COMPASS``.
        start: Where it starts in ``Vantage.line_cells``.
        ray_stop: Where the ray ends, the first ``RAY_LENGTH`` cells.
        stop: Where the line ends.
    """

    direction: str
    start: int
    ray_stop: int
    stop: int


class Vantage(NamedTuple):
    """What is the same for all frames with the player in one cell.

    Attributes:
        sectors: For each cell of the map, in which sector it lies: its band of distance and its
            direction, packed so that the order of the numbers is the order of the text.
        lines: The straight lines; those without a cell are left out.
        line_cells: Their cells, nearest first, line after line, as indices into the flat map.
    """

    sectors: bytes
    lines: tuple[Line, ...]
    line_cells: NDArray[np.intp]


@lru_cache(maxsize=1024)
def vantage(x: int, y: int) -> Vantage | None:
    """The map around column x, row y; None for a cell outside the map."""
    if not (0 <= x < COLUMNS and 0 <= y < ROWS):
        return None
    rows = slice(ROWS - 1 - y, 2 * ROWS - 1 - y)
    columns = slice(COLUMNS - 1 - x, 2 * COLUMNS - 1 - x)
    sectors = _sectors_around()[rows, columns].tobytes()
    return Vantage(sectors, *_lines(x, y))


@cache
def _sectors_around() -> NDArray[np.uint8]:
    """Sectors of all cells around the one in the middle, which itself has 255."""
    sectors = np.full((2 * ROWS - 1, 2 * COLUMNS - 1), 255, np.uint8)
    for dy in range(1 - ROWS, ROWS):
        for dx in range(1 - COLUMNS, COLUMNS):
            if dx or dy:
                band, direction = band_and_direction(dx, dy)
                sectors[dy + ROWS - 1, dx + COLUMNS - 1] = band * len(DIRECTIONS) + direction
    return sectors


def _lines(x: int, y: int) -> tuple[tuple[Line, ...], NDArray[np.intp]]:
    lines = []
    cells: list[int] = []
    here = y * COLUMNS + x
    for direction, (dx, dy) in COMPASS.items():
        steps_in_row = COLUMNS if dx == 0 else x if dx < 0 else COLUMNS - 1 - x
        steps_in_column = COLUMNS if dy == 0 else y if dy < 0 else ROWS - 1 - y
        steps = min(steps_in_row, steps_in_column)
        if steps:
            start, step = len(cells), dy * COLUMNS + dx
            cells += range(here + step, here + step * (steps + 1), step)
            lines.append(Line(direction, start, min(start + RAY_LENGTH, len(cells)), len(cells)))
    return tuple(lines), np.array(cells, np.intp)
