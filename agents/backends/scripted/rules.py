"""What a system message says: the same in each conversation of a routine, or of both."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass

from agents.backends.scripted.sections import outside, sections
from memory_fs import FIELDS
from memory_fs.action import RESERVED

_OWN = re.compile(r"<\|([A-Z_]+)\|>file\|text<\|END\|>")
_MARK = re.compile(r"<\|([A-Z_]+)\|>")
_ROUTINE = re.compile(r"\b(LOG|PLAN)\b")
_YOU = re.compile(r"\b[Yy]ou are (LOG|PLAN)\b")
_ACTIONS_HEAD = re.compile(
    r"^[^\w\n]{0,10}(?:(?:the|valid|available|possible|game) )*actions?\b[^\n:]{0,40}:(.*)$",
    re.I | re.M,
)
_BULLET = re.compile(r"^\s*(?:[-*•]|\d{1,3}[.)])\s+")
#: In so many characters a prompt says which routine it is: at its beginning or behind its sections.
_HEADING = 500
#: No action is longer; longer lines are prose.
_LONGEST_ACTION = 60


@dataclass(frozen=True, slots=True)
class Rules:
    """What the system message says: the same in each conversation of a routine.

    Attributes:
        text: All of it.
        actions: The game actions; empty where none are listed.
        operations: The memory operations that are offered.
        adders: Those of them that are the scaffold's own and take a file and a text.
        files: The memory files, name to purpose.
    """

    text: str
    actions: tuple[str, ...]
    operations: frozenset[str]
    adders: frozenset[str]
    files: Mapping[str, str]


@functools.lru_cache(maxsize=64)
def read_rules(text: str) -> Rules:
    """Reads a system message."""
    parts = sections(text)
    commands = parts.get("commands", text)
    own = frozenset(_OWN.findall(parts.get("commands", ""))).difference(FIELDS, RESERVED)
    purposes = (line.partition(":") for line in parts.get("memory_files", "").split("\n"))
    return Rules(
        text,
        _listed_actions(parts, text),
        (frozenset(_MARK.findall(commands)) & FIELDS.keys()) | own,
        own,
        {name.strip(): purpose.strip() for name, _, purpose in purposes if is_file(name.strip())},
    )


def is_file(name: str) -> bool:
    """Whether a command can name a file so."""
    return bool(name) and "|" not in name


def routine_of(head: str, scene: str) -> str:
    """The routine that a conversation asks for: ``log`` or ``plan``.

    One system message may tell of both; then the words behind the scene say which is meant.

    Args:
        head: The system message.
        scene: The message that shows the game.
    """
    named = (
        _YOU.search(outside(scene)[:_HEADING])
        or _ROUTINE.search(head[:_HEADING])
        or _ROUTINE.search(scene[:_HEADING])
    )
    if named is not None:
        return named[1].lower()
    marks = set(_MARK.findall(head))
    return "log" if "DONE" in marks and "ACTION" not in marks else "plan"


def _listed_actions(parts: Mapping[str, str], text: str) -> tuple[str, ...]:
    if "actions" in parts:
        lines = parts["actions"].split("\n")
        return tuple(dict.fromkeys(line.strip() for line in lines if line.strip()))
    head = _ACTIONS_HEAD.search(text)
    if head is None:
        return ()
    if head[1].strip():
        names = re.split(r",|\bor\b|\band\b", head[1].strip().rstrip("."))
    else:
        block = text[head.end() :].lstrip("\n").partition("\n\n")[0]
        names = [_BULLET.sub("", line).partition(": ")[0] for line in block.split("\n")]
    stripped = (name.strip(" \t`'\"*") for name in names)
    return tuple(dict.fromkeys(n for n in stripped if n and len(n) <= _LONGEST_ACTION))
