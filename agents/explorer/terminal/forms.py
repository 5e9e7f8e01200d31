"""The forms of the notes of a terminal player; what somebody else wrote may have any other."""

from __future__ import annotations

import re

from agents.explorer.terminal.map import MOVES

_NUMBER = "[0-9]{1,9}"
_CELL = "[1-7]?[0-9],(?:1?[0-9]|2[01])"
_NOTHING = "-"


def _list(item: str) -> str:
    return f"{_NOTHING}|{item}(?: {item})*"


#: Notes by the form of their text; notes that are not named here are plain text.
_NOTES = {
    _NUMBER: """dug; fetched; overview of; prayed in turn; rests; searches; stalled; waited;
        written; zapped in turn""",
    _list(_CELL): """dwarves; locked; looted; no pick; route; spoils; stood; to search; undiggable;
        ways down""",
    _list(f"{_CELL}>{_CELL}"): "blocked",
    _list(f"{_CELL}={_NUMBER}"): "searched; tried",
    f"{_NOTHING}|(?:{'|'.join(MOVES)}) from {_CELL}": "moved",
    f"{_CELL} {_NUMBER}": "refuge",
    f"{_NOTHING}|{_CELL}": "stairs up",
    f"{_NOTHING}|.": "item",
}
#: Note to the form of its text.
FORMS = {
    note.strip(): re.compile(form) for form, notes in _NOTES.items() for note in notes.split(";")
}


def understood(notes: dict[str, str]) -> dict[str, str]:
    """The notes without those whose text a player could not use: it starts over with them."""
    return {
        note: text
        for note, text in notes.items()
        if note not in FORMS or FORMS[note].fullmatch(text)
    }
