"""Walking by notes: a route is planned once, written down, and followed while it holds."""

from __future__ import annotations

from agents.explorer.terminal.map import DIRECTIONS, MOVES, cell_of, name
from agents.explorer.terminal.situation import NOTHING, Situation
from agents.explorer.terminal.terrain import BOULDER, CLOSED_DOOR, CREATURE, UNKNOWN, dark

#: Why a move fails only this time.
_PASSING = (
    *("door opens", "door is stuck", "door resists", "You stop", "You swap"),
    *(" trap", " web", " pit"),
    *("attack", "hit", "miss", "kill", "bites", "wait", "stuck to"),
)
#: Straight runs of so many steps are worth a count before the move.
_RUN = 3
#: So many cells are kept of those that were stood on; the list is the longest of the notes.
_STOOD = 500


def learn(s: Situation) -> None:
    """Writes down what the last move has taught: dark cells stood on, moves that do not work."""
    here = name(s.here)
    moved = s.place.get("moved", NOTHING)
    _stand(s, s.here)
    if moved == NOTHING:
        return
    s.place["moved"] = NOTHING
    direction, _, origin = moved.partition(" from ")
    if origin != here:
        offset, steps = _straight(cell_of(origin), s.here)
        for passed in range(1, steps if offset == MOVES[direction] else 0):
            _stand(s, s.here - offset * passed)
        return
    s.place["route"] = NOTHING
    target = s.here + MOVES[direction]
    if "door is locked" in s.message or (s.kind[target] == CLOSED_DOOR and not _passing(s.message)):
        s.add("locked", name(target))
    elif s.kind[target] != CREATURE and not _passing(s.message):
        s.add("blocked", f"{here}>{name(target)}")


def _stand(s: Situation, cell: int) -> None:
    """Writes down a cell that was stood on, where something beside it stayed dark."""
    if dark(s.kind, cell):
        s.add("stood", name(cell), _STOOD)


def _passing(message: str) -> bool:
    """Whether a move failed for a reason that will pass."""
    return any(reason in message for reason in _PASSING)


def blocked(s: Situation) -> set[tuple[int, int]]:
    """The moves that are known not to work."""
    edges = (edge.partition(">") for edge in s.listed("blocked"))
    return {(cell_of(start), cell_of(stop)) for start, _, stop in edges}


def step(s: Situation, target: int) -> str:
    """Moves to a next cell, and writes down that it was tried."""
    direction = DIRECTIONS[target - s.here]
    s.place["moved"] = f"{direction} from {name(s.here)}"
    return direction


def set_out(s: Situation, cells: list[int]) -> str:
    """Starts on a way: its corners become the route among the notes.

    Args:
        s: The situation.
        cells: The cells of the way, without the present one; at least one.
    """
    corners, last = [], s.here
    for cell, after in zip(cells, [*cells[1:], None], strict=True):
        if after is None or after - cell != cell - last:
            corners.append(name(cell))
        last = cell
    s.place["route"] = " ".join(corners)
    action = follow(s)
    assert action is not None, "a route begins with a step from here"
    return action


def follow(s: Situation) -> str | None:
    """Goes on along the route, unless something has come in the way."""
    corners = s.listed("route")
    if corners and corners[0] == name(s.here):
        corners.pop(0)
    s.place["route"] = " ".join(corners) or NOTHING
    if not corners:
        return None
    goal = cell_of(corners[0])
    offset, steps = _straight(s.here, goal)
    if not steps or s.kind[s.here + offset] in (CREATURE, BOULDER, UNKNOWN):
        s.place["route"] = NOTHING
        return None
    action = step(s, s.here + offset)
    if steps >= _RUN and str(steps)[0] in s.actions:
        s.notes["keys"] = " ".join([*str(steps)[1:], action])
        return str(steps)[0]
    return action


def _straight(start: int, goal: int) -> tuple[int, int]:
    """The offset of the one move that leads from a cell to another, and how often it is made."""
    for offset in MOVES.values():
        steps, rest = divmod(goal - start, offset)
        if rest == 0 and 0 < steps < 80 and _same_line(start, goal, offset, steps):
            return offset, steps
    return 0, 0


def _same_line(start: int, goal: int, offset: int, steps: int) -> bool:
    """Whether no move on the line leaps over the border."""
    return offset not in (1, -1) or name(start).partition(",")[2] == name(goal).partition(",")[2]
