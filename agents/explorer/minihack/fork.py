"""The way to the right one of the branches at the far end of a corridor (Memento)."""

from __future__ import annotations

import re
from collections.abc import Mapping

from agents.explorer.minihack import sign
from agents.explorer.terminal.map import COLUMNS, MOVES, ROWS
from agents.explorer.terminal.path import flood, way
from agents.explorer.terminal.situation import NOTHING, Situation
from agents.explorer.terminal.terrain import FLOOR, UNKNOWN
from agents.explorer.terminal.walk import blocked, step

_NORTH, _SOUTH, _EAST = MOVES["north"], MOVES["south"], MOVES["east"]
_STRIDE = _SOUTH
_GOAL = "grid bug"


class Fork:
    """The cells from which the branches go off to the east, as far as they have been seen.

    Args:
        kind: The kind of every cell.
        end: The last cell of the corridor.

    Attributes:
        mouths: The first cell of each branch, from the north.
        north: Whether all to the north has been seen.
        south: Whether all to the south has been seen.
        top: The northernmost cell.
        bottom: The southernmost cell.
    """

    def __init__(self, kind: bytearray, end: int) -> None:
        self.top, self.bottom = _along(kind, end, _NORTH), _along(kind, end, _SOUTH)
        self.north = kind[self.top + _NORTH] != UNKNOWN
        self.south = kind[self.bottom + _SOUTH] != UNKNOWN
        cells = range(self.top, self.bottom + 1, _SOUTH)
        self.mouths = [cell + _EAST for cell in cells if kind[cell + _EAST] == FLOOR]

    def mouth(self, branch: int, branches: int) -> int | None:
        """The first cell of a branch, counted from the end that has been seen; None before that.

        Args:
            branch: Its number from the north.
            branches: How many there are; 0 where that is not known.
        """
        if self.north and branch <= len(self.mouths):
            return self.mouths[branch - 1]
        if self.south and 0 <= branches - branch < len(self.mouths):
            return self.mouths[branch - 1 - branches]
        return None

    def lookout(self, southern: bool) -> int | None:
        """From where more can be seen, in the south rather where that is asked for."""
        if self.south and self.north:
            return None
        return self.bottom if self.north or (southern and not self.south) else self.top


def read_sign(s: Situation, told: Mapping[str, str]) -> str | None:
    """Writes down the sign at the start, and what the instructions tell about signs."""
    s.notes.update(told)
    s.notes["sign"] = sign.seen(s.screen.sights) or NOTHING
    return None


def judge(s: Situation) -> str | None:
    """Writes down what the present branch has shown: its goal, or nothing so far."""
    seen, branch = _sign(s), _branch(s)
    if seen is None or branch is None or "in" not in s.place.get("branch", ""):
        return None
    if _GOAL in s.neighbours().values():
        s.notes[seen] = str(branch)
    else:
        sign.taken(s.notes, seen, branch)
    return None


def take_branch(s: Situation) -> str | None:
    """Goes along the corridor, and then to the end of the branch that the sign means."""
    s.kind[s.here] = FLOOR
    end = _corridor_end(s.kind)
    if s.here % _STRIDE > end % _STRIDE:
        return step(s, s.here + _EAST) if s.kind[s.here + _EAST] == FLOOR else None
    if s.kind[end + _EAST] == UNKNOWN:
        return _walk(s, end)
    fork = Fork(s.kind, end)
    branches = _branches(s)
    branch = _branch(s) or _choose(s, fork, branches)
    mouth = None if branch is None else fork.mouth(branch, branches)
    if mouth is not None:
        entering = mouth - s.here in MOVES.values()
        s.place["branch"] = f"{'in' if entering else 'to'} {branch}"
        return _walk(s, mouth)
    # Not to the other end: a board there ends the episode for one who finds it without a step.
    lookout = fork.lookout(southern=2 * (branch or 0) > branches > 0)
    return None if lookout is None else _walk(s, lookout)


def _choose(s: Situation, fork: Fork, branches: int) -> int | None:
    """The branch that the sign means, else a guess once it is known how many there are."""
    seen = _sign(s)
    branch = None if seen is None else sign.right(s.notes, seen)
    if fork.north and fork.south:
        branches = len(fork.mouths)
    if branch is None and branches:
        branch = sign.guess(s.notes, seen or NOTHING, branches, s.rng)
    if branch is not None:
        s.place["branch"] = f"to {branch}"
    return branch


def _branches(s: Situation) -> int:
    text = s.notes.get("branches", "")
    return int(text) if re.fullmatch("[1-9]", text) else 0


def _sign(s: Situation) -> str | None:
    text = s.notes.get("sign", NOTHING)
    return text if sign.is_sign(text) else None


def _branch(s: Situation) -> int | None:
    found = re.fullmatch("(?:to|in) ([1-9])", s.place.get("branch", ""))
    return int(found[1]) if found else None


def _corridor_end(kind: bytearray) -> int:
    """The last cell of the corridor, which is the longest row of floor that there is."""
    rows = (kind[row * _STRIDE : row * _STRIDE + COLUMNS] for row in range(ROWS))
    _, number, row = max((row.count(FLOOR), number, row) for number, row in enumerate(rows))
    return number * _STRIDE + row.rindex(FLOOR)


def _along(kind: bytearray, cell: int, offset: int) -> int:
    while kind[cell + offset] == FLOOR:
        cell += offset
    return cell


def _walk(s: Situation, goal: int) -> str | None:
    """Takes a step towards a cell, or to the east of it."""
    if goal == s.here:
        return step(s, s.here + _EAST)
    before = flood(s.kind, s.here, blocked=blocked(s))
    return step(s, way(before, goal)[0]) if goal in before else None
