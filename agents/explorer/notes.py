"""Notes that travel through the memory: written in one turn, read back in the next.

Anybody may write into the files, so what is read is taken as far as it can be understood.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from automem_gym import MemoryAction

FILE = "notes.md"

#: The heading of a READ that did not fit: how many characters of the text follow.
_BEGINNING = re.compile(r"\d[\d,]* lines? \[first ([\d,]+) of ")
#: What stands, in the place of the rest, behind a text that was cut without a word in the heading.
_CUT = "[cut: "
#: The beginning of any command's answer.
_ANSWER = re.compile(r"\n[A-Z][A-Z0-9_]* \S[^\n]*: ")


def shown(memory: str, file: str = FILE) -> list[str]:
    """The lines of a file in what the last turn's commands answered.

    Args:
        memory: The ``memory`` part of the observation.
        file: The file that was read.

    Returns:
        Its whole lines, as far as a READ showed them; empty without one.
    """
    _, found, rest = f"\n{memory}".partition(f"\nREAD {file}: ")
    head, _, text = rest.partition("\n")
    count = re.match(r"(\d[\d,]{0,11}) lines?\b", head)
    if not found or count is None:
        return []
    beginning = _BEGINNING.match(head)
    if beginning is not None:
        # A line that looks like an answer may be one: what was announced is not all there.
        text = _ANSWER.split("\n" + text[: int(beginning[1].replace(",", "")[:9])])[0][1:]
        lines = text.split("\n")
    else:
        # The answers of later commands follow without a mark, so the lines have to be counted.
        lines = text.split("\n")[: int(count[1].replace(",", ""))]
    cuts = [at for at, line in enumerate(lines) if line.startswith(_CUT)]
    if cuts or beginning is not None:
        # The last line before a cut is not whole.
        return lines[: max(0, min(cuts, default=len(lines)) - 1)]
    return lines


def recall(memory: str, file: str = FILE) -> dict[str, str]:
    """The notes in what the last turn's commands answered.

    Args:
        memory: The ``memory`` part of the observation.
        file: The file that was read.

    Returns:
        Key to text, of the lines ``key: text`` that a READ of the file showed; empty without one.
        Lines that no command could have written as a note are left out.
    """
    parts = (line.partition(": ") for line in shown(memory, file) if "<|" not in line)
    return {key: text for key, colon, text in parts if colon and "|" not in key}


def lasting(vocabulary: Collection[str]) -> bool:
    """Whether notes can be kept with these operations."""
    return "READ" in vocabulary and ("UPSERT" in vocabulary or "WRITE" in vocabulary)


def keep(
    old: dict[str, str], new: dict[str, str], vocabulary: Collection[str], file: str = FILE
) -> str:
    """The commands that write what has changed and read everything back.

    Args:
        old: The notes as they were read.
        new: The notes as they should be; keys hold no ``|`` and no colon, texts no line break.
        vocabulary: The memory operations that there are. With neither UPSERT nor WRITE, or
            without READ, nothing can be kept, and there are no commands.
        file: The file.
    """
    if not lasting(vocabulary) or not (old or new):
        return ""
    gone = old.keys() - new.keys()
    changed = {key: text for key, text in new.items() if old.get(key) != text}
    commands = []
    # WRITE also forgets; where it is missing, what is gone stays in the file.
    if "WRITE" in vocabulary and (gone or (changed and "UPSERT" not in vocabulary)):
        whole = "\n".join(f"{key}: {text}" for key, text in new.items())
        commands = [MemoryAction("WRITE", file, whole)]
    elif "UPSERT" in vocabulary:
        commands = [MemoryAction("UPSERT", file, text, key) for key, text in changed.items()]
    return "".join(map(str, [*commands, MemoryAction("READ", file)]))
