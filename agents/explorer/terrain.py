"""What can be walked on, judged from the characters of a map."""

from __future__ import annotations

from agents.explorer.terminal_map import AROUND, CREATURES, MOVES

#: Kinds of cells.
BARRED, FLOOR, OPEN_DOOR, CLOSED_DOOR, UNKNOWN, BOULDER, TRAP, CREATURE = range(8)

_KINDS = {
    **dict.fromkeys('.#<>_{\\"$)[(%?/=!*+', FLOOR),
    **dict.fromkeys(CREATURES, CREATURE),
    " ": UNKNOWN,
    "`": BOULDER,
    "0": BOULDER,
    "^": TRAP,
}
_TABLE = bytes(_KINDS.get(chr(code), BARRED) for code in range(256))
_NORTH, _SOUTH, _WEST, _EAST = (MOVES[way] for way in ("north", "south", "west", "east"))


def kinds(cells: str) -> bytearray:
    """The kind of every cell.

    A ``|`` in a horizontal wall is an open door, and so is a ``-`` in a vertical one; a ``+`` in a
    wall is a closed door, elsewhere a spellbook.
    """
    found = bytearray(cells.encode("latin-1", "replace").translate(_TABLE))
    for sign, before, after, wall in (
        ("|", _WEST, _EAST, "-"),
        ("-", _NORTH, _SOUTH, "|"),
    ):
        at = cells.find(sign)
        while at >= 0:
            # A corner has walls of the other kind beside it too; a door lies open across its wall.
            if _flanked(cells, at, before, after, wall) and sign not in (
                *_beside(cells, at, before, after),
            ):
                found[at] = OPEN_DOOR
            at = cells.find(sign, at + 1)
    at = cells.find("+")
    while at >= 0:
        sides = (_WEST, _EAST, "-"), (_NORTH, _SOUTH, "|")
        if any(wall in _pair(cells, at, one, two) for one, two, wall in sides):
            found[at] = CLOSED_DOOR
        at = cells.find("+", at + 1)
    return found


def _pair(cells: str, at: int, one: int, two: int) -> tuple[str, str]:
    return cells[at + one], cells[at + two]


def _flanked(cells: str, at: int, one: int, two: int, wall: str) -> bool:
    """Whether the wall goes on at both sides, where anything is known of them."""
    sides = _pair(cells, at, one, two)
    return wall in sides and all(side in (wall, " ") for side in sides)


def _beside(cells: str, at: int, one: int, two: int) -> tuple[str, ...]:
    """The cells across the wall: in a corner or a junction one of them is wall."""
    across = (_NORTH, _SOUTH) if (one, two) == (_WEST, _EAST) else (_WEST, _EAST)
    return _pair(cells, at, *across)


def dark(kind: bytearray, cell: int) -> bool:
    """Whether something beside a cell has not been seen."""
    return any(kind[cell + offset] == UNKNOWN for offset in AROUND)
