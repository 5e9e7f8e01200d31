"""Makes texts shorter, visibly: their middle is left out, and a mark tells how much that was."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable

#: No piece of a conversation is cut below this; what is left would no longer be worth reading.
LEAST_CHARS = 200
#: The tags of a section of a prompt stand on lines of their own.
_TAG = re.compile(r"^<(?P<slash>/?)(?P<name>[a-z_]+)>$", re.MULTILINE)


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
    tags = list(_TAG.finditer(text))
    # By name, so that tags that a model wrote and never closed are not searched for each anew.
    closings: dict[str, list[int]] = defaultdict(list)
    for tag in tags:
        if tag["slash"]:
            closings[tag["name"]].append(tag.start())
    found, at = [], 0
    for tag in tags:
        start, ends = tag.end() + 1, closings[tag["name"]]
        following = bisect_left(ends, start + 1)
        if tag["slash"] or tag.start() < at or following == len(ends):
            continue
        end = ends[following] - 1
        found += [text[at:start], text[start:end]]
        at = end
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
