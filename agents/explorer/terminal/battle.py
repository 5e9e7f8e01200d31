"""Fighting: whom, and where to stand."""

from __future__ import annotations

from agents.explorer.terminal.map import CREATURES, MOVES, distance
from agents.explorer.terminal.path import flood, way
from agents.explorer.terminal.situation import NOTHING, Situation
from agents.explorer.terminal.walk import blocked, set_out, step

#: Creatures that are left alone: to touch them is worse than anything they do by themselves.
_HANDS_OFF = (
    *("floating eye", "blue jelly", "gas spore", "gelatinous cube", "acid blob", "brown mold"),
    *("green mold", "red mold", "yellow mold", "cockatrice", "chickatrice", "spotted jelly"),
    *("shopkeeper", "watchman", "watch captain", "guard", "oracle", "aligned priest"),
)
#: From how many steps away the way back into a corridor is worth taking.
_RETREAT = 40
#: Enemies count up to this distance; so many of them are a reason to retreat before any is near.
_IN_SIGHT, _MANY = 8, 2
#: How many cells a corridor opens to, and how many turns enemies are waited for in it.
_SIDES, _WAIT = 2, 12


def hostile(s: Situation, called: str) -> bool:
    """Whether a creature should be attacked."""
    peaceful = s.place.get("peaceful", "").split(", ")
    return (
        not called.startswith(("tame ", "peaceful "))
        and called not in _HANDS_OFF
        and called not in peaceful
    )


def fight(s: Situation) -> str | None:
    """Attacks a hostile neighbour."""
    for direction, called in s.neighbours().items():
        if hostile(s, called) and direction in s.actions:
            return direction
    return None


def retreat(s: Situation) -> str | None:
    """Goes back into a corridor at first contact, so that only one enemy can attack at a time."""
    enemies = [cell for cell in enemies_seen(s) if distance(cell, s.here) <= _IN_SIGHT]
    contact = any(distance(cell, s.here) == 1 for cell in enemies)
    if not contact and len(enemies) < _MANY:
        return _draw(s)
    s.place["foes"] = next((way for way in s.neighbours() if contact), NOTHING)
    if _narrow(s, s.here):
        return None if contact else _hold(s)
    before = flood(s.kind, s.here, blocked=blocked(s), diagonal="northeast" in s.actions)
    cell = next((cell for cell in before if _narrow(s, cell)), None)
    if cell is None:
        return None
    cells = way(before, cell)
    return set_out(s, cells) if len(cells) <= _RETREAT else None


def enemies_seen(s: Situation) -> list[int]:
    """The cells of creatures that may be hostile: those beside the player by name, others all."""
    near = s.neighbours()
    found = [s.here + MOVES[way] for way, called in near.items() if hostile(s, called)]
    far = (cell for cell, sign in enumerate(s.screen.cells) if sign in CREATURES)
    return found + [cell for cell in far if distance(cell, s.here) > 1]


def _draw(s: Situation) -> str | None:
    """Steps back along a corridor, once, from enemies that are out of sight: they follow."""
    foes = s.place.get("foes", NOTHING)
    if foes not in MOVES:
        return None
    s.place["foes"] = NOTHING
    if not _narrow(s, s.here):
        return None
    back = s.here - MOVES[foes]
    return step(s, back) if s.screen.cells[back] == "#" else None


def _hold(s: Situation) -> str | None:
    """Waits for the enemies to come, for a while."""
    waited = int(s.place.get("waited", "0"))
    action = next((action for action in ("search", "wait") if action in s.actions), None)
    if action is None or waited >= _WAIT:
        return None
    s.place["waited"] = str(waited + 1)
    return action


def _narrow(s: Situation, cell: int) -> bool:
    """Whether this is a corridor from which it goes on to two cells at most."""
    if s.screen.cells[cell] != "#" and cell != s.here:
        return False
    around = [s.screen.cells[cell + offset] for offset in MOVES.values()]
    return "#" in around and sum(sign not in " |-\n" for sign in around) <= _SIDES
