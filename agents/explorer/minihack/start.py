"""The start of an episode: notes that were carried over from another one are told from its own."""

from __future__ import annotations

from agents.explorer.terminal.situation import NOTHING, Situation

#: Stands in the message until the first move of an episode is made.
_GREETING = "welcome to NetHack"


def starting(s: Situation) -> bool:
    """Whether nothing has been done in this episode."""
    return _GREETING in s.message


def begin(s: Situation) -> str | None:
    """Drops the notes of a level of an episode before, which looked otherwise."""
    if starting(s):
        s.place.clear()
        s.place["route"] = s.notes["keys"] = NOTHING
    return None
