"""Signs: which sleeping creatures mean which branch, in the words of the notes.

A note ``blue jelly and red mold: 1`` says that they mean the first branch from the north, and
``blue jelly and red mold: not 2 3`` that the second and the third have been wrong.
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping

_SLEEPER = r"(\w+ (?:jelly|mold)|lichen)"
_NAME = re.compile(rf"{_SLEEPER}(?: and {_SLEEPER})*")
_SEEN = re.compile(rf"^{_SLEEPER} ", re.MULTILINE)
_TOLD = re.compile(
    rf"a {_SLEEPER} (?:means )?the (?:(?:branch|one) to the )?"
    "(first|second|third|fourth|north|south)"
)
_WITH = re.compile(f"with a {_SLEEPER},")
_BRANCHES = {"first": 1, "second": 2, "third": 3, "fourth": 4, "north": 1, "south": 2}
_COUNT = re.compile(r"\b(two|three|four) branches\b")
_NUMBERS = {"two": "2", "three": "3", "four": "4"}
_WRONG = re.compile("not [1-9](?: [1-9])*")


def seen(sights: str) -> str:
    r"""The sign that is in sight; empty where there is none.

    Example:
        >>> seen("red mold very near southsoutheast\nblue jelly very near northnortheast")
        'blue jelly and red mold'
    """
    return _name(_SEEN.findall(sights))


def is_sign(text: str) -> bool:
    """Whether a text could be a sign: somebody else may have written it."""
    return _NAME.fullmatch(text) is not None


def told(instructions: str) -> dict[str, str]:
    """The notes on what the instructions tell: how many branches there are, and of the signs.

    Example:
        >>> told("There a blue jelly means the branch to the north.")
        {'blue jelly': '1'}
        >>> told("It sleeps in one of four branches.")
        {'branches': '4'}
    """
    number = _COUNT.search(instructions)
    notes = {} if number is None else {"branches": _NUMBERS[number[1]]}
    for clause in instructions.split(";"):
        beside = _WITH.findall(clause)
        for creature, branch in _TOLD.findall(clause):
            notes[_name([creature, *beside])] = str(_BRANCHES[branch])
    return notes


def _name(creatures: list[str]) -> str:
    return " and ".join(sorted(creatures))


def right(notes: Mapping[str, str], sign: str) -> int | None:
    """The branch that a sign is known to mean."""
    text = notes.get(sign, "")
    return int(text) if re.fullmatch("[1-9]", text) else None


def guess(notes: Mapping[str, str], sign: str, branches: int, rng: random.Random) -> int:
    """A branch that may be the right one; those that other signs mean are less likely."""
    every = range(1, branches + 1)
    possible = [branch for branch in every if branch not in _wrong(notes, sign)] or [*every]
    others = {right(notes, key) for key in notes if key != sign and is_sign(key)}
    return rng.choice([branch for branch in possible if branch not in others] or possible)


def taken(notes: dict[str, str], sign: str, branch: int) -> None:
    """Notes that a branch was taken: it counts as wrong until it is seen to be right.

    Nobody is asked again once a mistake has ended the episode, so that a note has to be there by
    then.
    """
    if right(notes, sign) != branch:
        notes[sign] = " ".join(["not", *map(str, sorted(_wrong(notes, sign) | {branch}))])


def _wrong(notes: Mapping[str, str], sign: str) -> set[int]:
    text = notes.get(sign, "")
    return set(map(int, text.split()[1:])) if _WRONG.fullmatch(text) else set()
