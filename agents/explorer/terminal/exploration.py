"""Exploring a level: to the stairs where they are known, else to the nearest unknown."""

from __future__ import annotations

from agents.explorer.terminal.map import AROUND, MOVES, STRAIGHT, cell_of, distance, name
from agents.explorer.terminal.path import WALKABLE, flood, way
from agents.explorer.terminal.situation import NOTHING, Situation
from agents.explorer.terminal.terrain import (
    BARRED,
    BOULDER,
    CLOSED_DOOR,
    CREATURE,
    FLOOR,
    TRAP,
    UNKNOWN,
    dark,
)
from agents.explorer.terminal.walk import blocked, set_out, step

#: What is walked on, from the safe to the desperate.
_EASY = WALKABLE | {CLOSED_DOOR}
#: How often it sets out for the same unknown.
TRIES = 6
_STAGES = (
    _EASY,
    _EASY | {CREATURE},
    _EASY | {CREATURE, BOULDER},
    _EASY | {TRAP, BOULDER, CREATURE},
)


def explore(s: Situation, stages: tuple[frozenset[int], ...] = _STAGES) -> str | None:
    """Goes to the stairs down, or where something has not been seen; None if there is nothing."""
    edges = blocked(s)
    bar(s)
    for way_down in s.listed("ways down"):
        if s.kind[cell_of(way_down)] == TRAP:
            s.kind[cell_of(way_down)] = FLOOR
    diagonal = "northeast" in s.actions
    for enter in stages:
        before = flood(s.kind, s.here, enter, edges, diagonal)
        goal = _goal(s, before)
        if goal is not None:
            return approach(s, way(before, goal))
    return _kick(s)


def bar(s: Situation) -> None:
    """Bars what is known to be no way: locked doors, and rock, which would have been seen.

    What stayed blank beside a cell that was stood on is rock.
    """
    for stood in s.listed("stood"):
        cell = cell_of(stood)
        for offset in AROUND:
            if s.kind[cell + offset] == UNKNOWN:
                s.kind[cell + offset] = BARRED
    for cell in map(cell_of, s.listed("locked")):
        if _shut(s, cell):
            s.kind[cell] = BARRED


def _goal(s: Situation, before: dict[int, int]) -> int | None:
    ways_down = {cell_of(cell) for cell in s.listed("ways down")}
    if ">" in s.screen.cells or ways_down:
        for cell in before:
            if cell != s.here and (s.screen.cells[cell] == ">" or cell in ways_down):
                return cell
    tried = s.counts("tried")
    for cell in before:
        if cell != s.here and dark(s.kind, cell) and tried.get(name(cell), 0) < TRIES:
            s.count("tried", name(cell), forget=s.listed("stood"))
            return cell
    return None


def approach(s: Situation, cells: list[int]) -> str:
    """Takes the first step of a way; creatures and boulders on it are met one step at a time."""
    if s.kind[cells[0]] in (CREATURE, BOULDER):
        return step(s, cells[0])
    solid = (i for i, cell in enumerate(cells) if s.kind[cell] in (CREATURE, BOULDER))
    return set_out(s, cells[: next(solid, len(cells))])


def _kick(s: Situation) -> str | None:
    """Kicks a locked door in, if one can be reached."""
    locked = {cell_of(cell) for cell in s.listed("locked")}
    if "kick" not in s.actions or not locked:
        return None
    before = flood(s.kind, s.here, _EASY, blocked(s), "northeast" in s.actions)
    for direction in STRAIGHT:
        if s.here + MOVES[direction] in locked and _shut(s, s.here + MOVES[direction]):
            s.notes["aim"] = direction
            return "kick"
    for cell in before:
        for direction in STRAIGHT:
            door = cell + MOVES[direction]
            if door in locked and _shut(s, door):
                return set_out(s, way(before, cell))
    return None


def _shut(s: Situation, cell: int) -> bool:
    return s.screen.cells[cell] == "+"


def search(s: Situation, turns: int) -> str | None:
    """Searches for what is hidden: dead ends and walls with unknown ground behind them first.

    Args:
        s: The situation.
        turns: How many turns the caller searches at once, for the notes.

    Returns:
        A step of the way to the best place, or ``search`` at it.
    """
    if "search" not in s.actions:
        return None
    before = flood(s.kind, s.here, _EASY, blocked(s), "northeast" in s.actions)
    # A place once chosen is kept until it is searched: what is best changes on the way to it.
    chosen = next((cell_of(cell) for cell in s.listed("to search")), -1)
    if chosen not in before:
        done = {cell_of(cell): count for cell, count in s.counts("searched").items()}
        chosen = max(before, key=lambda cell: _promise(s, cell, before, done))
        s.place["to search"] = name(chosen)
    if chosen != s.here:
        return set_out(s, way(before, chosen))
    s.place["to search"] = NOTHING
    s.count("searched", name(chosen), turns)
    return "search"


def _promise(s: Situation, cell: int, before: dict[int, int], done: dict[int, int]) -> float:
    """How likely a search finds something here: what is hidden lies behind a wall or a dead end."""
    worth = 0.0
    for direction in STRAIGHT:
        offset = MOVES[direction]
        beyond = [cell + offset * n for n in (2, 3, 4)]
        if s.kind[cell + offset] in (BARRED, UNKNOWN) and all(
            0 <= b < len(s.kind) and s.kind[b] == UNKNOWN for b in beyond
        ):
            worth += 1.0
    if _corridor(s, cell) and sum(cell + offset in before for offset in AROUND) == 1:
        worth += 6.0
    near = sum(count for other, count in done.items() if distance(cell, other) <= 1)
    return worth / (1 + near / 8) - distance(cell, s.here) / 40


def _corridor(s: Situation, cell: int) -> bool:
    """Whether this is a cell of a corridor; what the player stands on is hidden by the player."""
    if cell != s.here:
        return s.screen.cells[cell] == "#"
    return not any(s.screen.cells[cell + offset] in ".|-+" for offset in AROUND)
