"""What is in a memory, kept rather than counted: names, lines, characters, last turn."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from memory_fs.refusal import Refused
from memory_fs.suggestion import did_you_mean

#: How many names an answer lists.
_SHOWN = 20


def plural(count: int, noun: str) -> str:
    """``1 line``, ``4,213 lines``."""
    endings = ("", "es" if noun.endswith(("s", "ch")) else "s")
    return f"{count:,} {noun}{endings[count != 1]}"


class FileEntry(NamedTuple):
    """One line of the index.

    Attributes:
        name: The file's name.
        lines: How many lines it has.
        chars: Its length in characters.
        turn: The last turn that wrote it; 0 for a file that is as it was at the start.
    """

    name: str
    lines: int
    chars: int
    turn: int = 0

    def __str__(self) -> str:
        turn = f", turn {self.turn:,}" if self.turn else ""
        return f"{self.name} ({plural(self.lines, 'line')}, {self.chars:,} chars{turn})"


class Index:
    """The entries of all files, in the order in which they were made."""

    def __init__(self) -> None:
        self._entries: dict[str, FileEntry] = {}
        self._by_case: dict[str, str] = {}
        self._folders: Counter[str] = Counter()
        self._text: str | None = ""
        self.chars = 0

    def copy(self) -> Index:
        """An index of its own with the same entries."""
        other = Index()
        for entry in self._entries.values():
            other.set(entry)
        return other

    def __len__(self) -> int:
        return len(self._entries)

    def entries(self) -> tuple[FileEntry, ...]:
        """All entries."""
        return tuple(self._entries.values())

    def find(self, name: str) -> FileEntry | None:
        """The entry of a file, or None."""
        return self._entries.get(name)

    def get(self, name: str) -> FileEntry:
        """The entry of a file.

        Raises:
            Refused: There is none; says which there are.
        """
        entry = self._entries.get(name)
        if entry is None:
            names = list(self._entries)
            there = ", ".join(names[:_SHOWN]) or "none yet"
            more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
            raise Refused(
                f"there is no file {name}.{did_you_mean(name, names)} Files: {there}{more}"
            )
        return entry

    def check_new(self, name: str) -> None:
        """Checks that a new file may have a name.

        Raises:
            Refused: It is a folder's name, or lies in a file, or differs from another in case only.
        """
        if name in self._folders:
            raise Refused(f"{name} is a folder, so it cannot be a file too")
        folders = _folders(name)
        for folder in folders:
            if folder in self._entries:
                raise Refused(f"{folder} is a file, so it cannot be a folder too")
        for part in (name, *folders):
            other = self._by_case.get(part.casefold(), part)
            if other != part:
                raise Refused(f"there is {other} already; names that differ in case only confuse")

    def set(self, entry: FileEntry) -> None:
        """Puts an entry in, or in the place of the old one."""
        old = self._entries.get(entry.name)
        if old is None:
            folders = _folders(entry.name)
            self._folders.update(folders)
            for part in (entry.name, *folders):
                self._by_case[part.casefold()] = part
        self.chars += entry.chars - (old.chars if old else 0)
        self._entries[entry.name] = entry
        self._text = None

    def remove(self, name: str) -> None:
        """Takes an entry out."""
        self.chars -= self._entries.pop(name).chars
        del self._by_case[name.casefold()]
        for folder in _folders(name):
            self._folders[folder] -= 1
            if not self._folders[folder]:
                del self._folders[folder], self._by_case[folder.casefold()]
        self._text = None

    def __str__(self) -> str:
        if self._text is None:
            self._text = "\n".join(map(str, self._entries.values()))
        return self._text


def _folders(name: str) -> list[str]:
    """The folders that a nested name lies in, outermost first."""
    return [name[:at] for at, character in enumerate(name) if character == "/"]
