"""Who the player is: the descriptions that NetHack can fulfil (``characters.toml``)."""

from __future__ import annotations

import tomllib
from importlib.resources import files

from memory_fs.suggestion import unknown_name

_TABLE = tomllib.loads((files(__package__) / "characters.toml").read_text(encoding="utf-8"))

ROLES: tuple[str, ...] = tuple(_TABLE["roles"])
"""NetHack's short names of the roles that a character may have."""


def check_character(character: object) -> None:
    """Checks a description such as ``mon-hum-neu-mal``: role, race, alignment, gender, or fewer.

    ``@`` stands for a character that is drawn from the seed.

    Raises:
        ValueError: There is no such character. NetHack itself would draw another one.
    """
    if character == "@":
        return
    role, *traits = str(character).split("-")
    if not isinstance(character, str) or role not in ROLES:
        raise unknown_name("role", role, ("@", *ROLES))
    entry = _TABLE["roles"][role]
    races, alignments = entry["races"], entry["alignments"]
    genders = entry.get("genders", _TABLE["genders"])
    for race in races:
        if race in traits:
            alignments = [name for name in alignments if name in _TABLE["races"][race]]
    for trait in traits:
        allowed = (*races, *alignments, *genders)
        if trait not in allowed:
            raise unknown_name(f"trait of {character!r}", trait, allowed)
    for kind in (races, alignments, genders):
        chosen = [trait for trait in traits if trait in kind]
        if len(chosen) > 1:
            raise ValueError(f"{character!r} names {chosen[0]} and {chosen[1]}; choose one of them")
