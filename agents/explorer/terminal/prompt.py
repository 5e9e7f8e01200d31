"""Answers to what a NetHack terminal asks."""

from __future__ import annotations

from agents.explorer.terminal.situation import NOTHING, Situation
from automem_gym.games.nethack.actions import KEYS


def typing(s: Situation, letter: str) -> str | None:
    """The action that types a letter; some tasks have only commands that share its key."""
    if letter in s.actions:
        return letter
    return next((act for act in s.actions if KEYS.get(act) == ord(letter)), None)


def use(s: Situation, command: str, letter: str, aim: str = NOTHING) -> str:
    """Uses an item, in a direction or without: the command now, the answers from the notes."""
    s.notes["item"], s.notes["aim"] = letter, aim
    return command


def answer(s: Situation) -> str | None:
    """Answers a question about an item or a direction as the notes say."""
    if "In what direction" in s.message:
        aim = _take(s, "aim")
        return aim if aim in s.actions else None
    if "What do you want to " in s.message and "[" in s.message:
        letter = _take(s, "item")
        return typing(s, letter) if letter else None
    if "Improvise?" in s.message:
        return typing(s, "y")
    return None


def _take(s: Situation, key: str) -> str | None:
    text = s.notes.get(key, NOTHING)
    s.notes[key] = NOTHING
    return None if text == NOTHING else text


def keys(s: Situation) -> str | None:
    """Types the next of the keys that were written down for one command."""
    pending, _, rest = s.notes.get("keys", NOTHING).partition(" ")
    if pending == NOTHING:
        return None
    s.notes["keys"] = rest or NOTHING
    return pending if pending in s.actions else None
