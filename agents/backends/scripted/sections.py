"""The tagged sections of a prompt."""

from __future__ import annotations

import re
from collections.abc import Iterator

_TAG = re.compile(r"^<([a-z][a-z_]*)>", re.MULTILINE)


def tagged(text: str) -> Iterator[tuple[str, str]]:
    """The sections ``<name>...</name>`` of a text, each beginning a line, as names and contents.

    A tag within a section is none.
    """
    absent: set[str] = set()
    at = 0
    while (tag := _TAG.search(text, at)) is not None:
        name, at = tag[1], tag.end()
        stop = -1 if name in absent else text.find(f"</{name}>", at)
        if stop < 0:
            absent.add(name)
            continue
        yield name, text[at:stop].removeprefix("\n").removesuffix("\n")
        at = stop


def sections(text: str) -> dict[str, str]:
    """The sections of a text by name; of several with one name the first."""
    found: dict[str, str] = {}
    for name, content in tagged(text):
        found.setdefault(name, content)
    return found


def outside(text: str) -> str:
    """What stands behind the last section: words to the model, not of the game or of a file."""
    return text[text.rfind("\n</") + 1 :]
