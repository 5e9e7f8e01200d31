"""The start of an episode: notes that were carried over from another one are told from its own."""

from __future__ import annotations

from agents.explorer.terminal.situation import NOTHING, Situation


def begin(s: Situation) -> str | None:
    """Drops the notes of the level of an episode before, which looked otherwise."""
    # Replaced, not removed: there may be no command that removes.
    s.place.update(dict.fromkeys(s.place, NOTHING))
    s.notes["keys"] = NOTHING
    return None
