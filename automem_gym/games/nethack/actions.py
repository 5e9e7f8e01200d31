"""The language actions of NetHack: names, keys and meanings (``actions.toml``)."""

from __future__ import annotations

import string
import tomllib
from collections.abc import Iterable, Mapping
from importlib.resources import files

_TABLE = tomllib.loads((files(__package__) / "actions.toml").read_text(encoding="utf-8"))


def _key_code(key: str) -> int:
    """Turns the notation of ``actions.toml`` into the byte that the game reads."""
    if key.startswith("M-"):
        return 0x80 | ord(key[2:])
    if key.startswith("^") and len(key) == 2:
        return 0x1F & ord(key[1])
    return ord(key)


MEANINGS: Mapping[str, str] = {name: does for name, (_, does) in _TABLE["commands"].items()}
"""What each command does; the single characters have no entry."""

KEYS: Mapping[str, int] = {
    **{name: _key_code(key) for name, (key, _) in _TABLE["commands"].items()},
    **{character: ord(character) for character in _TABLE["characters"]},
}
"""The key that each action presses: commands first, then the single characters."""


def action_lines(names: Iterable[str]) -> str:
    """Lists actions with their meanings, one a line, for a player's instructions."""
    return "\n".join(f"{name}: {MEANINGS[name]}" for name in names if name in MEANINGS)


def letter_list(names: Iterable[str]) -> str:
    """Lists which letter each action types, for players who have no letters of their own."""
    letters = {name: chr(KEYS[name]) for name in names if name in KEYS}
    return ", ".join(
        f"{key} by {name}" for name, key in letters.items() if key in string.ascii_letters
    )
