"""Searching for hidden doors and corridors, one place at a time."""

from __future__ import annotations

from agents.explorer.terminal.exploration import search
from agents.explorer.terminal.map import name
from agents.explorer.terminal.situation import Situation

#: Searches in one place before another one is tried: each finds what is hidden one time in seven.
_SEARCHES = 10


def search_on(s: Situation) -> str | None:
    """Goes where something may be hidden, and searches there for a while before it goes on."""
    here = name(s.here)
    if "search" in s.actions and s.counts("searched").get(here, 0) % _SEARCHES:
        s.count("searched", here)
        return "search"
    return search(s, 1)
