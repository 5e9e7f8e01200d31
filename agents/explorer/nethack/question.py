"""Replies to NetHack's questions, menus and requests for text."""

from __future__ import annotations

import re

from agents.explorer.nethack.digging import PICKS
from agents.explorer.nethack.refuge import write
from agents.explorer.terminal.prompt import answer, keys
from agents.explorer.terminal.situation import NOTHING, Situation

#: Part of a question to its answer; the first that fits counts, and others are escaped.
_ANSWERS = (
    ("Are you sure you want to pray", "y"),
    ("eat it?", "n"),
    ("eat one?", "n"),
    ("Stop eating?", "y"),
    ("Continue eating?", "n"),
    ("Choose which spell to cast", "a"),
    ("--More--", "more"),
)
_ASKS = re.compile(r"\[[^\]]*\]( \(.*\))? ?$|\?$|--More--$|\(end\)$|\(\d+ of \d+\)$")
_ATTACK = re.compile(r"Really attack (?:the )?(?:peaceful )?([^?]+)\?")
_PICK_LINE = re.compile(rf"^ *(\w) ([-+]) .*\b(?:{PICKS})", re.MULTILINE)


def reply(s: Situation) -> str | None:
    """Answers what the game asks; None where it asks nothing."""
    typed = keys(s)
    if typed is not None:
        return typed
    message = s.message.rstrip()
    if s.screen.on_map and not _ASKS.search(message):
        return None
    found = write(s) or answer(s)
    if found is not None:
        return found
    if "trouble lifting" in message:
        return "y" if re.search(PICKS, message) else "esc"
    if "Pick up what" in message:
        line = _PICK_LINE.search(message)
        return "esc" if line is None else (line[1] if line[2] == "-" else "more")
    peaceful = _ATTACK.search(message)
    if peaceful is not None:
        known = s.place.get("peaceful", NOTHING).split(", ")
        if peaceful[1] not in known:
            s.place["peaceful"] = ", ".join([*known, peaceful[1]])
        return "esc"
    return next((reply for part, reply in _ANSWERS if part in message), "esc")
