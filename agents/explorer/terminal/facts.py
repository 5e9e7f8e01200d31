"""Facts of the cells of a level: each cell has a line of its own among the notes.

A line is written when something is learned of its cell, and read ever after.
"""

from __future__ import annotations

import re

from agents.explorer.terminal.situation import NOTHING

_CELL = re.compile(r"\d+,\d+")
#: Lists of cells, counts of cells, and the moves from cells.
_FLAGS = ("locked", "looted", "no pick", "spoils", "stood", "undiggable", "ways down")
_COUNTS = ("searched", "tried")
_MOVES = "blocked"
_LISTS = {*_FLAGS, *_COUNTS, _MOVES}


def gather(lines: dict[str, str]) -> dict[str, str]:
    """The notes of a level as lists over its cells, from a line for each cell.

    >>> gather({"rests": "1", "5,5": "stood; tried=2; blocked=6,5 6,6", "6,5": "stood"})
    {'rests': '1', 'stood': '5,5 6,5', 'tried': '5,5=2', 'blocked': '5,5>6,5 5,5>6,6'}
    """
    notes = {key: text for key, text in lines.items() if not _CELL.fullmatch(key)}
    lists: dict[str, list[str]] = {}
    for cell, text in lines.items():
        if cell in notes:
            continue
        for fact in text.split("; "):
            name, _, value = fact.partition("=")
            if name in _FLAGS:
                lists.setdefault(name, []).append(cell)
            elif name in _COUNTS:
                lists.setdefault(name, []).append(f"{cell}={value}")
            elif name == _MOVES:
                lists.setdefault(name, []).extend(f"{cell}>{end}" for end in value.split())
    return notes | {name: " ".join(items) for name, items in lists.items()}


def scatter(notes: dict[str, str]) -> dict[str, str]:
    """The lines from which `gather` makes these notes.

    >>> scatter({"rests": "1", "stood": "5,5 6,5", "tried": "5,5=2", "blocked": "5,5>6,5 5,5>6,6"})
    {'rests': '1', '5,5': 'stood; tried=2; blocked=6,5 6,6', '6,5': 'stood'}
    """
    facts: dict[str, list[str]] = {}
    for name in _FLAGS:
        for cell in _items(notes, name):
            facts.setdefault(cell, []).append(name)
    for name in _COUNTS:
        for item in _items(notes, name):
            cell, _, count = item.partition("=")
            facts.setdefault(cell, []).append(f"{name}={count}")
    moves: dict[str, list[str]] = {}
    for item in _items(notes, _MOVES):
        cell, _, end = item.partition(">")
        moves.setdefault(cell, []).append(end)
    for cell, ends in moves.items():
        facts.setdefault(cell, []).append(f"{_MOVES}={' '.join(ends)}")
    lines = {key: text for key, text in notes.items() if key not in _LISTS}
    return lines | {cell: "; ".join(known) for cell, known in facts.items()}


def _items(notes: dict[str, str], name: str) -> list[str]:
    text = notes.get(name, NOTHING)
    return [] if text == NOTHING else text.split()
