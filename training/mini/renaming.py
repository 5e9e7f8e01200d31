"""New names for the memory files of conversations: names to be read, not to be remembered."""

from __future__ import annotations

import random
import re
import string
from collections.abc import Iterable, Iterator, Mapping, Sequence

from agents.model import Message

#: So many conversations in a row have the same names: their system message is then read once.
_TOGETHER = 24
#: How many names keep the words of the drawn scaffold; the others are letters at random.
_MEANT = 0.5
_FILES = re.compile(r"<memory_files>\n(.*?)\n</memory_files>", re.DOTALL)
_ENDINGS = (".md", ".txt", "_notes.md", "1.md", "2.txt", "_file.md", ".log")


def renamed(
    talks: Iterable[Sequence[Message]], kept: Iterable[str], rng: random.Random
) -> Iterator[tuple[Message, ...]]:
    """The conversations with other names for the files.

    Args:
        talks: The conversations.
        kept: Names that none may get: those of the scaffolds that are measured.
        rng: What the names are drawn from.
    """
    taken = frozenset(kept)
    drawn: dict[str, tuple[int, Mapping[str, str]]] = {}
    for talk in talks:
        system = talk[0].text
        count, names = drawn.get(system, (0, {}))
        if count % _TOGETHER == 0:
            names = _names(system, taken, rng)
        drawn[system] = (count + 1, names)
        yield tuple(Message(message.role, _replaced(message.text, names)) for message in talk)


def _names(system: str, taken: frozenset[str], rng: random.Random) -> dict[str, str]:
    found = _FILES.search(system)
    old = [line.partition(":")[0] for line in found[1].split("\n")] if found else []
    names: dict[str, str] = {}
    for name in old:
        new = name
        while new == name or new in taken or new in names.values():
            new = _name(name, rng)
        names[name] = new
    return names


def _name(old: str, rng: random.Random) -> str:
    if rng.random() < _MEANT:
        stem = re.split(r"[./]", old)[-2]
        letters = "".join(rng.choices(string.ascii_lowercase, k=rng.randint(1, 3)))
        stem = rng.choice((f"{stem}_{letters}", f"{letters}_{stem}", f"{letters}/{stem}"))
    else:
        stem = "".join(rng.choices(string.ascii_lowercase, k=rng.randint(3, 8)))
    return stem + rng.choice(_ENDINGS)


def _replaced(text: str, names: Mapping[str, str]) -> str:
    if not names:
        return text
    # The longest first: one name may end with another.
    pattern = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    return re.sub(pattern, lambda found: names[found[0]], text)
