"""Making a directory what its journal says, and telling where it is not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from memory_fs.directory import Directory
from memory_fs.name import is_name
from memory_fs.refusal import Refused


class Recovery(NamedTuple):
    """What was found when a memory was opened again.

    Attributes:
        mutations: How many changes its journal holds.
        torn_bytes: Bytes of an unfinished last record that was dropped: it never happened.
        repaired: Files that were not as the journal says, and are now.
    """

    mutations: int = 0
    torn_bytes: int = 0
    repaired: tuple[str, ...] = ()

    def __str__(self) -> str:
        torn = (
            f", dropped an unfinished change ({self.torn_bytes} bytes)" if self.torn_bytes else ""
        )
        mended = f", mended {', '.join(self.repaired)}" if self.repaired else ""
        return f"recovered {self.mutations:,} changes{torn}{mended}"


def differing(directory: Directory, files: Mapping[str, str]) -> set[str]:
    """The names at which a directory does not hold what it should.

    Args:
        directory: The directory.
        files: What it should hold, and nothing else: name to text.
    """
    strange = directory.names() - files.keys()
    return strange | {name for name, text in files.items() if not _holds(directory, name, text)}


def repair(directory: Directory, files: Mapping[str, str]) -> tuple[str, ...]:
    """Makes a directory hold some files, and gives the names at which it did not.

    What stands there under a name that no file of a memory can have is left alone.
    """
    wrong = sorted(name for name in differing(directory, files) if is_name(name))
    for name in wrong:
        directory.discard(name)
    for name in wrong:
        if name in files:
            directory.make_parents(name)
            directory.write(name, files[name].encode("utf-8"), new=True)
    return tuple(wrong)


def _holds(directory: Directory, name: str, text: str) -> bool:
    try:
        return directory.read(name) == text.encode("utf-8")
    except Refused:
        return False
