"""Notes about one level of a terminal game, as lines: ``level 2: stood 12,5 13,5; locked 14,5``.

Lists grow with each line, counts and single values are those of the last line that tells them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Self

from agents.explorer.terminal.forms import understood
from agents.explorer.terminal.situation import NOTHING

#: What is noted about a level, in the words of the explorer's notes.
LISTS = (
    *("stood", "blocked", "locked", "ways down", "no way down", "undiggable"),
    *("spoils", "looted", "no pick", "empty"),
)
#: The explorer's note of the same form, for those that the explorer does not keep.
_LIKE = {"no way down": "ways down"}
COUNTS = ("searched", "tried")
VALUES = (
    *("rests", "dug", "dig", "waited", "branch"),
    *("stairs up", "dwarves", "fetched", "refuge", "written", "blasts", "used"),
)
_PART = re.compile(rf"({'|'.join(map(re.escape, [*LISTS, *COUNTS, *VALUES]))}) (\S.*)")


@dataclass(slots=True)
class Level:
    """What is noted about a level.

    Attributes:
        place: The notes, as a situation of the explorer holds them.
        lines: The lines that tell them.
    """

    place: dict[str, str] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)

    @classmethod
    def read(cls, number: int, lines: Iterable[str]) -> Self:
        """Finds what lines tell about a level; what has no form that is known is left out."""
        level, lists = cls(), {key: dict[str, str]() for key in (*LISTS, *COUNTS)}
        head = f"level {number}: "
        for line in lines:
            if not line.startswith(head):
                continue
            if line == anew(number):
                level, lists = cls(), {key: {} for key in lists}
                continue
            level.lines.append(line)
            for part in filter(None, map(_PART.fullmatch, line.removeprefix(head).split("; "))):
                key, text = part[1], part[2]
                if not understood({_LIKE.get(key, key): text}):
                    continue
                if key in VALUES:
                    level.place[key] = text
                else:
                    lists[key] |= {item.partition("=")[0]: item for item in text.split()}
        for cell in lists["no way down"]:
            lists["ways down"].pop(cell, None)
        level.place |= {key: " ".join(items.values()) for key, items in lists.items() if items}
        return level


def anew(number: int) -> str:
    """The line after which nothing counts that stands above it: another episode begins."""
    return f"level {number}: a new game"


def level_line(number: int, old: Mapping[str, str], new: Mapping[str, str]) -> str:
    """The line that tells what is new; empty if nothing is."""
    parts = []
    for key in (*LISTS, *COUNTS, *VALUES):
        before, after = old.get(key, NOTHING), new.get(key, NOTHING)
        if key in VALUES:
            added = after if after != before else ""
        else:
            known = set(before.split())
            added = " ".join(item for item in after.split() if item not in known)
        if added and (added != NOTHING or key in VALUES):
            parts.append(f"{key} {added}")
    return f"level {number}: {'; '.join(parts)}" if parts else ""
