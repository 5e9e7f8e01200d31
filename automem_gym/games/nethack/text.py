"""NetHack's frames as text: what the player sees, and the inventory.

The wording follows the NLE language wrapper as BALROG uses it, so that scores can be compared.
"""

from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from automem_gym.game import Sight
from automem_gym.games.nethack.distance import (
    DIRECTIONS,
    STYLES,
    band_and_direction,
    check_style,
)
from automem_gym.games.nethack.glyphs import glyph_tables
from automem_gym.games.nethack.message import message_text
from automem_gym.games.nethack.sightings import language_observation
from automem_gym.games.nethack.stats import stats_text
from automem_gym.games.nethack.surroundings import surroundings
from automem_gym.games.nethack.vantage import COLUMNS, ROWS, vantage

_TABLES = glyph_tables()


class NetHackText(NamedTuple):
    """One frame in words.

    Attributes:
        message: The message, or the whole menu where one is open.
        glyphs: The language observation: what lies where.
        inventory: One line for each item.
        cursor: What lies under the cursor.
        observation: What the player sees: message, language observation, cursor and map.
        status: The inventory under its heading.
        surroundings: The nearest thing in each of the eight directions; none while the player is
            not on the map.
        blstats: The status numbers of which ``stats`` speaks.
    """

    message: str
    glyphs: str
    inventory: str
    cursor: str
    observation: str
    status: str
    surroundings: dict[str, Sight]
    blstats: tuple[int, ...]

    @property
    def stats(self) -> str:
        """The status numbers in words; made when asked for, since neither text above holds them."""
        return stats_text(self.blstats)


def describe(
    frame: Mapping[str, NDArray[np.generic]], distance_style: str = "words"
) -> NetHackText:
    """Describes a frame.

    Args:
        frame: nle's arrays ``glyphs``, ``blstats``, ``tty_chars``, ``tty_cursor``, ``inv_letters``
            and ``inv_strs``; nothing of them is kept.
        distance_style: ``"words"`` ("very near") or ``"steps"`` ("2 steps"), see
            ``automem_gym.games.nethack.distance``.

    Raises:
        ValueError: If there is no such style of distances.
    """
    check_style(distance_style)  # a wrong style is an error in frames without a distance too
    blstats = tuple(frame["blstats"].tolist())
    # 16 bits are the form that the tables index by.
    glyphs = np.ascontiguousarray(frame["glyphs"], np.int16).view(np.uint16).ravel()
    row, column = frame["tty_cursor"].tolist()
    screen = np.asarray(frame["tty_chars"], np.uint8)

    sightings, sights = _around(glyphs.tobytes(), blstats[0], blstats[1], distance_style)
    cursor = _cursor(glyphs, column, row - 1, blstats, distance_style)
    message = message_text(screen.tobytes(), screen.shape[1])
    inventory = _inventory(frame["inv_letters"], frame["inv_strs"])
    return NetHackText(
        message=message,
        glyphs=sightings,
        inventory=inventory,
        cursor=cursor,
        observation=(
            f"message:\n{message}\n\nlanguage observation:\n{sightings}\n\n"
            f"cursor:\n{cursor}\n(x={column}, y={row})\n\nmap:\n{_map(screen)}\n"
        ),
        status=f"inventory:\n{inventory}\n",
        surroundings=sights.copy(),
        blstats=blstats,
    )


# A quarter of all frames show the map of the one before.
@lru_cache(maxsize=64)
def _around(glyphs: bytes, x: int, y: int, style: str) -> tuple[str, dict[str, Sight]]:
    """The language observation and the surroundings."""
    around = vantage(x, y)
    if around is None:
        return "", {}
    flat = np.frombuffer(glyphs, np.uint16)
    lines = flat.take(around.line_cells)
    return language_observation(flat, lines, around, style), surroundings(lines, around)


def _cursor(glyphs: NDArray[np.uint16], x: int, y: int, player: tuple[int, ...], style: str) -> str:
    # The terminal has a column more than the map: the last one reads the next row's first cell.
    cell = y * COLUMNS + x
    dx, dy = x - player[0], y - player[1]
    if not (0 < cell < ROWS * COLUMNS and -COLUMNS <= dx < COLUMNS and -ROWS < dy <= ROWS):
        return ""
    name = _TABLES.names[_TABLES.landmarks.item(glyphs.item(cell))]
    if dx == dy == 0:
        return f"Yourself a {name}"
    band, direction = band_and_direction(dx, dy)
    return f"{STYLES[style][band]} {DIRECTIONS[direction]} {name}"


def _map(screen: NDArray[np.uint8]) -> str:
    """The terminal below the message; a column of newlines beside it is the fastest way to join."""
    lines = _blank_map(*screen.shape).copy()
    lines[:, :-1] = screen[1:]
    return lines.tobytes().decode("latin-1")


@cache
def _blank_map(rows: int, columns: int) -> NDArray[np.uint8]:
    return np.full((rows - 1, columns + 1), ord("\n"), np.uint8)


def _inventory(letters: NDArray[Any], names: NDArray[Any]) -> str:
    held = np.asarray(letters, np.uint8).tobytes().partition(b"\0")[0]
    if not held:
        return ""
    # Names end with a zero; one that fills its whole row runs on into the next.
    width = names.shape[1]
    text = np.asarray(names, np.uint8).tobytes() + b"\0"
    return _items(held, text[: text.index(b"\0", (len(held) - 1) * width) + 1], width)


# Between two frames the inventory seldom changes.
@lru_cache(maxsize=256)
def _items(letters: bytes, names: bytes, width: int) -> str:
    starts = range(0, len(letters) * width, width)
    return b"\n".join(
        b"%c: %b" % (letter, names[start : names.index(b"\0", start)])
        for letter, start in zip(letters, starts, strict=True)
    ).decode("latin-1")
