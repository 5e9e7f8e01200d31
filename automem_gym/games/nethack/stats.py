"""The status numbers (nle's ``blstats``) in words."""

import tomllib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from nle import nethack

TEMPLATE = """\
Strength: {0[3]}/{0[2]}
Dexterity: {0[4]}
Constitution: {0[5]}
Intelligence: {0[6]}
Wisdom: {0[7]}
Charisma: {0[8]}
Depth: {0[12]}
Gold: {0[13]}
HP: {0[10]}/{0[11]}
Energy: {0[14]}/{0[15]}
AC: {0[16]}
XP: {0[18]}/{0[19]}
Time: {0[20]}
Position: {0[0]}|{0[1]}
Hunger: {hunger}
Monster Level: {0[17]}
Encumbrance: {encumbrance}
Dungeon Number: {0[23]}
Level Number: {0[24]}
Score: {0[9]}
Alignment: {alignment}
Condition: {condition}"""


class _Words(NamedTuple):
    hunger: dict[int, str]
    encumbrance: dict[int, str]
    alignment: dict[int, str]
    conditions: list[tuple[int, str]]


@cache
def _words() -> _Words:
    data = tomllib.loads((files(__package__) / "stats.toml").read_text(encoding="utf-8"))
    hunger, encumbrance, alignment = (
        {int(number): word for number, word in data[table].items()}
        for table in ("hunger", "encumbrance", "alignment")
    )
    conditions = [
        (getattr(nethack, f"BL_MASK_{bit}"), word) for bit, word in data["condition"].items()
    ]
    return _Words(hunger, encumbrance, alignment, conditions)


def stats_text(blstats: Sequence[int]) -> str:
    """The status numbers in words, one line each.

    Args:
        blstats: The 27 numbers in nle's order. A hunger, burden or alignment that NetHack does not
            know leaves its word empty.
    """
    words = _words()
    conditions = [word for mask, word in words.conditions if blstats[25] & mask]
    return TEMPLATE.format(
        blstats,
        hunger=words.hunger.get(blstats[21], ""),
        encumbrance=words.encumbrance.get(blstats[22], ""),
        alignment=words.alignment.get(blstats[26], ""),
        condition=" ".join(conditions) or "None",
    )
