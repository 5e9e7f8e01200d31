"""The map of a NetHack terminal, read from the text of an observation.

A cell is an index into one string, row by row with a line break at the end of each, so that a step
in a direction is the same offset everywhere and the line breaks are a border.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

#: Rows of the terminal that are map; row 0 is the message, which `TerminalMap.cells` leaves blank.
COLUMNS, ROWS = 80, 22
_STRIDE = COLUMNS + 1
_MESSAGE, _SIGHTS, _MAP = "message:\n", "\n\nlanguage observation:\n", "\n\nmap:\n"

#: The eight moves: direction to offset, straight ones first.
MOVES = {
    "north": -_STRIDE,
    "east": 1,
    "south": _STRIDE,
    "west": -1,
    "northeast": -_STRIDE + 1,
    "southeast": _STRIDE + 1,
    "southwest": _STRIDE - 1,
    "northwest": -_STRIDE - 1,
}
STRAIGHT = ("north", "east", "south", "west")
DIRECTIONS = {offset: direction for direction, offset in MOVES.items()}
AROUND = tuple(MOVES.values())
#: Characters of creatures; statues look the same and are told apart by their names.
CREATURES = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ@&;:'~")

_YOURSELF = "\n\ncursor:\nYourself "
_CURSOR = re.compile(r"\(x=(\d+), y=(\d+)\)$")
_VITALS = re.compile(r"HP:(-?\d+)\((\d+)\)")
_LEVEL = re.compile(r"Dlvl:(\d+)")
_TURN = re.compile(r"\bT:(\d+)")


class Vitals(NamedTuple):
    """The two bottom lines.

    Attributes:
        level: The dungeon level; 0 where the line names a place in its stead.
        hp: Hit points.
        max_hp: Their maximum.
        turn: The game's time, in turns; -1 where it is not shown.
        line: The last line, which also names hunger and other conditions.
    """

    level: int
    hp: int
    max_hp: int
    turn: int
    line: str


@dataclass(frozen=True, slots=True)
class TerminalMap:
    """What an observation shows.

    Attributes:
        message: The message.
        sights: The language observation.
        cells: The map, one character a cell; a blank row stands for the message.
        here: The cell of the cursor, which is the player's unless the game asks something.
        on_map: Whether the cursor is at the player.
        vitals: The bottom lines.
    """

    message: str
    sights: str
    cells: str
    here: int
    on_map: bool
    vitals: Vitals


def read_map(observation: str) -> TerminalMap | None:
    """Reads an observation; None if it is not one of a NetHack terminal."""
    head, found, terminal = observation.rpartition(_MAP)
    cursor = _CURSOR.search(head)
    if not found or cursor is None:
        return None
    message, _, sights = head.removeprefix(_MESSAGE).partition(_SIGHTS)
    size = (ROWS - 1) * _STRIDE
    cells = terminal[:size]
    if len(cells) < size or cells.count("\n") != ROWS - 1:
        return None
    here = int(cursor[2]) * _STRIDE + int(cursor[1])
    blank = " " * COLUMNS + "\n"
    return TerminalMap(
        message=message,
        sights=sights.partition("\n\ncursor:\n")[0],
        cells=blank + cells + blank,
        here=here if here < ROWS * _STRIDE else 0,
        on_map=_YOURSELF in head,
        vitals=_vitals(terminal[size:]),
    )


def _vitals(bottom: str) -> Vitals:
    hit_points, level, turn = _VITALS.search(bottom), _LEVEL.search(bottom), _TURN.search(bottom)
    return Vitals(
        level=int(level[1]) if level else 0,
        hp=int(hit_points[1]) if hit_points else 1,
        max_hp=int(hit_points[2]) if hit_points else 1,
        turn=int(turn[1]) if turn else -1,
        line=bottom.rstrip("\n").rpartition("\n")[2],
    )


def name(cell: int) -> str:
    """The name of a cell in notes, ``column,row``."""
    return f"{cell % _STRIDE},{cell // _STRIDE}"


def cell_of(text: str) -> int:
    """The cell of a name."""
    column, _, row = text.partition(",")
    return int(row) * _STRIDE + int(column)


def distance(one: int, other: int) -> int:
    """Steps between two cells on open ground."""
    return max(abs(one % _STRIDE - other % _STRIDE), abs(one // _STRIDE - other // _STRIDE))
