"""The player of NetHack: dives, since depth counts more than strength."""

from __future__ import annotations

from agents.explorer.nethack.branch import learn_branch
from agents.explorer.nethack.digging import can_dig
from agents.explorer.nethack.question import reply
from agents.explorer.nethack.spoils import watch
from agents.explorer.nethack.survival import counted, heal, pray, rest
from agents.explorer.nethack.tactics import TACTICS
from agents.explorer.terminal.exploration import explore, search
from agents.explorer.terminal.map import MOVES, name
from agents.explorer.terminal.player import TerminalPlayer
from agents.explorer.terminal.situation import NOTHING, Situation
from agents.explorer.terminal.walk import follow, learn

#: Turns of one search, and searches on a level after which what was learned of it is doubted.
_SEARCH, _DOUBT = 15, 20
#: Turns of the player without the game's time going on, after which anything is tried.
_PATIENCE = 12
#: What leads down, in the words of the surroundings.
_WAYS_DOWN = ("stairs down", "ladder down", "trap door", "hole")


def _remember(s: Situation) -> str | None:
    """Keeps the notes of the ground and of the time."""
    if not s.screen.on_map:
        return None
    learn(s)
    stairs = s.screen.cells.find("<")
    if stairs >= 0:
        s.place["stairs up"] = name(stairs)
    turn = str(s.screen.vitals.turn)
    s.notes["stalled"] = str(s.number("stalled") + 1) if s.notes.get("turn") == turn else "0"
    s.notes["turn"] = turn
    for direction, sight in s.sights.items():
        if sight.name in _WAYS_DOWN:
            s.add("ways down", name(s.here + MOVES[direction] * sight.steps))
    return None


def _unstall(s: Situation) -> str | None:
    """Tries anything when nothing has worked for a while."""
    if s.number("stalled") < _PATIENCE:
        return None
    s.place["route"] = s.notes["keys"] = NOTHING
    return s.rng.choice([*MOVES, "esc", "more", "search", "n"])


def _descend(s: Situation) -> str | None:
    """Goes down where it stands on a way down."""
    here = name(s.here)
    ways = s.listed("ways down")
    # Whoever digs leaves the stairs alone once it knows the branch: they may lead into the Mines.
    if here not in ways or ("branch" in s.notes and can_dig(s)):
        return None
    if "can't go down here" in s.message:
        s.place["ways down"] = " ".join(way for way in ways if way != here) or NOTHING
        return None
    return "down"


def _search(s: Situation) -> str | None:
    action = search(s, _SEARCH)
    if action != "search":
        return action
    count = int(s.place.get("searches", "0")) + 1
    s.place["searches"] = str(count)
    if count % _DOUBT == 0:
        for key in ("blocked", "stood", "locked", "tried"):
            s.place[key] = NOTHING
    return counted(s, _SEARCH, action)


class Explorer(TerminalPlayer):
    """Explores to the stairs down; with a pick, leaves the Mines and digs down the main branch.

    On the way it fights, prays, eats and rests, and takes refuge on Elbereth.
    """

    rules = (
        learn_branch,
        reply,
        _remember,
        watch,
        _unstall,
        pray,
        heal,
        _descend,
        *TACTICS,
        rest,
        follow,
        explore,
        _search,
    )
