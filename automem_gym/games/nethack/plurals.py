"""Plurals of the names in the NetHack text."""

import re
import tomllib
from functools import cache
from importlib.resources import files


@cache
def _rules() -> list[tuple[re.Pattern[str], str]]:
    data = tomllib.loads((files(__package__) / "plurals.toml").read_text(encoding="utf-8"))
    return [(re.compile(pattern), plural) for pattern, plural in data["rules"]]


@cache
def plural(name: str) -> str:
    """The plural of a name, as the NetHack text spells it.

    >>> plural("quarterstaff"), plural("iron shoes"), plural("jackal")
    ('quarterstaves', 'iron shoes', 'jackals')
    """
    for pattern, replacement in _rules():
        if pattern.search(name):
            return pattern.sub(replacement, name, count=1)
    raise ValueError(f"no rule of plurals.toml fits {name!r}; the last rule must fit every name")
