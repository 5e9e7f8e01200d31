"""What can be walked on, judged from the characters of a map."""

from __future__ import annotations

from collections.abc import Iterator

from agents.explorer.terminal.map import CREATURES, MOVES

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
_WALLS, _NO_GROUND = "|-+", " \n}`"
_NORTH, _SOUTH, _WEST, _EAST = (MOVES[way] for way in ("north", "south", "west", "east"))


def kinds(cells: str) -> bytearray:
    """The kind of every cell.

    Walls go on along themselves: a ``|`` without wall to the north and south, and ground there, is
    an open door in a horizontal wall, and so is such a ``-`` in a vertical one. A ``+`` in a wall
    is a closed door, elsewhere a spellbook.
    """
    found = bytearray(cells.encode("latin-1", "replace").translate(_TABLE))
    for sign, one, other in (("|", _NORTH, _SOUTH), ("-", _WEST, _EAST)):
        for at in _places(cells, sign):
            side, beyond = cells[at + one], cells[at + other]
            if side in _WALLS or beyond in _WALLS:
                continue
            if side not in _NO_GROUND or beyond not in _NO_GROUND:
                found[at] = OPEN_DOOR
    for at in _places(cells, "+"):
        along = cells[at + _WEST], cells[at + _EAST]
        across = cells[at + _NORTH], cells[at + _SOUTH]
        if "-" in along or "|" in across or "-" in across:
            found[at] = CLOSED_DOOR
    return found


def _places(cells: str, sign: str) -> Iterator[int]:
    at = cells.find(sign)
    while at >= 0:
        yield at
        at = cells.find(sign, at + 1)


def dark(kind: bytearray, cell: int) -> bool:
    """Whether something beside a cell has not been seen."""
    # Row by row, since this is asked of every cell that can be reached.
    return (
        kind[cell + _WEST] == UNKNOWN
        or kind[cell + _EAST] == UNKNOWN
        or kind.find(UNKNOWN, cell + _NORTH + _WEST, cell + _NORTH + _EAST + 1) >= 0
        or kind.find(UNKNOWN, cell + _SOUTH + _WEST, cell + _SOUTH + _EAST + 1) >= 0
    )
