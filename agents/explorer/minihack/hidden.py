"""Searching for hidden doors and corridors, one place at a time."""

from __future__ import annotations

from agents.explorer.terminal.exploration import search
from agents.explorer.terminal.map import name
from agents.explorer.terminal.situation import NOTHING, Situation

#: Searches in one place before another one is tried: each finds what is hidden one time in seven.
_SEARCHES = 10


def search_on(s: Situation) -> str | None:
    """Goes where something may be hidden, and searches there for a while before it goes on."""
    here = name(s.here)
    begun = s.place.get("search at") == here or s.counts("searched").get(here, 0) % _SEARCHES
    if begun and "search" in s.actions:
        s.place["search at"] = NOTHING
        s.count("searched", here)
        return "search"
    action = search(s, 1)
    route = s.listed("route")
    if route and action != "search":
        s.place["search at"] = route[-1]
    return action
