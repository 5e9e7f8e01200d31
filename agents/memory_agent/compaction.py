"""Makes texts shorter, visibly: their middle is left out, and a mark tells how much that was."""

from __future__ import annotations

import re
from collections.abc import Iterable

#: No piece of a conversation is cut below this; what is left would no longer be worth reading.
LEAST_CHARS = 200
#: A section of a prompt: its tags stand on lines of their own.
_SECTION = re.compile(r"(?<![^\n])<([a-z_]+)>\n(.*?)\n</\1>(?![^\n])", re.DOTALL)


def cut_middle(text: str, limit: int) -> str:
    """Leaves out the middle of a text that is longer than a limit.

    Args:
        text: The text.
        limit: Longest result, in characters, the mark included; a mark alone may be longer.
    """
    if len(text) <= limit:
        return text
    # The number in the mark is never longer than this one.
    room = max(0, limit - len(_mark(len(text))))
    head, tail = room - room // 2, room // 2
    return f"{text[:head]}{_mark(len(text) - room)}{text[len(text) - tail :]}"


def _mark(chars: int) -> str:
    return f"\n[{chars:,} characters left out]\n"


def pieces(text: str) -> list[str]:
    """Splits a prompt where its sections begin and end; joined, they are the text again."""
    found, at = [], 0
    for section in _SECTION.finditer(text):
        found += [text[at : section.start(2)], section[2]]
        at = section.end(2)
    return [*found, text[at:]]


def cut_pieces(text: str, limit: int) -> str:
    """Leaves out the middle of each section of a prompt that is longer than a limit."""
    return "".join(cut_middle(piece, limit) for piece in pieces(text))


def piece_limit(texts: Iterable[str], room: int) -> int:
    """How long each piece of some prompts may be so that all fit: the longest are cut first.

    Args:
        texts: The prompts.
        room: How many characters there are for all of them.

    Returns:
        The limit for :func:`cut_pieces`; at least :data:`LEAST_CHARS`, even where that does not do.
    """
    lengths = [len(piece) for text in texts for piece in pieces(text)]
    low, high = LEAST_CHARS, max([LEAST_CHARS, *lengths])
    while low < high:
        middle = (low + high + 1) // 2
        if sum(min(length, middle) for length in lengths) <= room:
            low = middle
        else:
            high = middle - 1
    return low
