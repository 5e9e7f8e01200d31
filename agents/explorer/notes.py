"""Notes that travel through the memory: written in one turn, read back in the next."""

from __future__ import annotations

from automem_gym import MemoryAction

FILE = "notes.md"


def recall(memory: str, file: str = FILE) -> dict[str, str]:
    """The notes in what the last turn's commands answered.

    Args:
        memory: The ``memory`` part of the observation.
        file: The file that was read.

    Returns:
        Key to text, of the lines ``key: text`` that a READ of the file showed; empty without one.
    """
    _, found, rest = memory.partition(f"READ {file}: ")
    if not found or rest.startswith("refused"):
        return {}
    notes = {}
    for line in rest.split("\n")[1:]:
        key, colon, text = line.partition(": ")
        if not colon:
            break
        notes[key] = text
    return notes


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
