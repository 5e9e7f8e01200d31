"""New names for the memory files of conversations: names to be read, not to be remembered."""

from __future__ import annotations

import random
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from agents.model import Message
from training.mini.variants import DRAWN

#: So many conversations in a row have the same names: their system message is then read once.
TOGETHER = 4
#: So many files of a scaffold get a new name, at most: there must be enough of them.
_MOST = 8
#: How many names say what is in the file; the others say nothing of it.
_MEANT = 0.6
_FILES = re.compile(r"<memory_files>\n(.*?)\n</memory_files>", re.DOTALL)
_TABLE: dict[str, Any] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
_ENDINGS: tuple[str, ...] = tuple(_TABLE["endings"])


def name_pool() -> set[str]:
    """All names that there can be."""
    words = {word for listed in _TABLE["words"].values() for word in listed}
    return {word + ending for word in words for ending in _ENDINGS}


def renamed(
    talks: Iterable[Sequence[Message]], rng: random.Random
) -> Iterator[tuple[Message, ...]]:
    """The conversations with other names for the files.

    Args:
        talks: The conversations.
        rng: What the names are drawn from.
    """
    drawn: dict[str, tuple[int, Mapping[str, str]]] = {}
    for talk in talks:
        system = talk[0].text
        count, names = drawn.get(system, (0, {}))
        if count % TOGETHER == 0:
            names = _names(system, rng)
        drawn[system] = (count + 1, names)
        yield tuple(Message(message.role, _replaced(message.text, names)) for message in talk)


def _names(system: str, rng: random.Random) -> dict[str, str]:
    found = _FILES.search(system)
    old = [line.partition(":")[0].strip() for line in found[1].split("\n")] if found else []
    names: dict[str, str] = {}
    for name in list(filter(None, old))[:_MOST]:
        new = name
        while new == name or new in names.values():
            kind = next((k for k, known in DRAWN["files"].items() if name in known), "any")
            words = _TABLE["words"][kind if rng.random() < _MEANT else "any"]
            new = rng.choice(words) + rng.choice(_ENDINGS)
        names[name] = new
    return names


def _replaced(text: str, names: Mapping[str, str]) -> str:
    if not names:
        return text
    # The longest first: one name may end with another.
    pattern = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    return re.sub(rf"(?<![\w./])(?:{pattern})(?!\w)", lambda found: names[found[0]], text)
