"""Notes that travel through the memory: written in one turn, read back in the next."""

from __future__ import annotations

from automem_gym import MemoryAction

FILE = "notes.md"


def shown(memory: str, file: str = FILE) -> list[str]:
    """The lines of a file in what the last turn's commands answered.

    Args:
        memory: The ``memory`` part of the observation.
        file: The file that was read.

    Returns:
        Its lines, as far as a READ showed them; empty without one.
    """
    _, found, rest = f"\n{memory}".partition(f"\nREAD {file}: ")
    head, *lines = rest.split("\n")
    count = head.split(" ")[0].replace(",", "")
    # The answers of later commands follow without a mark, so the lines have to be counted.
    return lines[: int(count)] if found and count.isdecimal() else []


def recall(memory: str, file: str = FILE) -> dict[str, str]:
    """The notes in what the last turn's commands answered.

    Args:
        memory: The ``memory`` part of the observation.
        file: The file that was read.

    Returns:
        Key to text, of the lines ``key: text`` that a READ of the file showed; empty without one.
    """
    parts = (line.partition(": ") for line in shown(memory, file))
    return {key: text for key, colon, text in parts if colon}


def keep(old: dict[str, str], new: dict[str, str], file: str = FILE) -> str:
    """The commands that write what has changed and read everything back.

    Args:
        old: The notes as they were read.
        new: The notes as they should be; keys hold no ``|`` and no colon, texts no line break.
        file: The file.
    """
    changed = [
        str(MemoryAction("UPSERT", file, text, key))
        for key, text in new.items()
        if old.get(key) != text
    ]
    return "".join([*changed, str(MemoryAction("READ", file))])
