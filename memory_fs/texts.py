"""Text files under one directory: bounded, indexed, and recorded in a journal.

Every operation costs at most O(the one file that it names): lengths and line counts are kept, an
append does not rewrite, and every change goes to the journal.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from memory_fs.directory import Directory
from memory_fs.journal import Journal, Mutation
from memory_fs.name import check
from memory_fs.quotas import Quotas
from memory_fs.refusal import Refused
from memory_fs.suggestion import did_you_mean

#: What is kept beside the files; no file of a player can have such a name.
PRIVATE = ".memory_fs"


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
    """

    name: str
    lines: int
    chars: int


class TextFiles:
    """The files of a memory.

    Args:
        root: The directory; it is made where it is not there.
        quotas: The limits.

    Raises:
        ValueError: The root holds files that no memory wrote.
    """

    def __init__(self, root: Path, quotas: Quotas) -> None:
        private = root / PRIVATE
        if root.exists() and not private.exists() and any(root.iterdir()):
            raise ValueError(
                f"{root} holds files that no memory wrote; a memory empties its root when an "
                "episode starts, so name a new or an empty directory"
            )
        private.mkdir(parents=True, exist_ok=True)
        self.root = root
        self.quotas = quotas
        self.journal = Journal(private / "journal.jsonl")
        self._directory = Directory(root)
        self._entries: dict[str, FileEntry] = {}
        self._index: str | None = None
        self._total = 0
        self._stamp = (0, 0)

    def empty(self) -> None:
        """Removes all files and starts a new journal."""
        self._directory.clear(keep=PRIVATE)
        self._entries, self._total, self._index = {}, 0, None
        self.journal.restart()

    def stamp(self, turn: int, command: int) -> None:
        """Says when the next changes happen, for the journal."""
        self._stamp = (turn, command)

    def files(self) -> tuple[FileEntry, ...]:
        """The index, in the order of creation."""
        return tuple(self._entries.values())

    def entry(self, name: str) -> FileEntry:
        """The index entry of one file; refused where there is none."""
        name = check(name)
        if name not in self._entries:
            hint = did_you_mean(name, self._entries)
            there = ", ".join(list(self._entries)[:20]) or "none yet"
            raise Refused(f"there is no file {name}.{hint} Files: {there}")
        return self._entries[name]

    def index(self) -> str:
        """The index as text, a line a file."""
        if self._index is None:
            self._index = "\n".join(
                f"{entry.name} ({plural(entry.lines, 'line')}, {entry.chars:,} chars)"
                for entry in self._entries.values()
            )
        return self._index

    def read(self, name: str) -> str:
        """The text of a file."""
        return self._directory.read(self.entry(name).name).decode("utf-8")

    def search(self, name: str, keyword: str) -> list[tuple[int, str]]:
        """The lines of a file that hold a keyword in any case, with their numbers from 1."""
        wanted = keyword.strip().casefold()
        if not wanted:
            raise Refused("the keyword is missing")
        lines = self.read(name).split("\n")
        return [(n, line) for n, line in enumerate(lines, 1) if wanted in line.casefold()]

    def tail(self, name: str, count: int) -> list[str]:
        """The last lines of a file, ``count`` at most."""
        return (
            self.read(name).removesuffix("\n").split("\n")[-count:]
            if self.entry(name).chars
            else []
        )

    # Writing

    def append(self, name: str, text: str) -> FileEntry:
        """Adds whole lines at the end of a file, which is made where it is not there."""
        name = check(name)
        added = _lines(text)
        if not added:
            raise Refused("there is no text to add")
        old = self._entries.get(name) or FileEntry(name, 0, 0)
        entry = FileEntry(name, old.lines + added.count("\n"), old.chars + len(added))
        self._directory.append(name, self._admit(entry, added))
        return self._record(entry, "append", added)

    def write(self, name: str, text: str) -> FileEntry:
        """Replaces the whole text of a file, which is made where it is not there."""
        name = check(name)
        whole = _lines(text)
        entry = FileEntry(name, whole.count("\n"), len(whole))
        self._directory.write(name, self._admit(entry, whole))
        return self._record(entry, "write", whole)

    def create(self, name: str) -> FileEntry:
        """Makes a new, empty file."""
        name = check(name)
        if name in self._entries:
            raise Refused("it exists already; APPEND adds to it, WRITE replaces it")
        return self.write(name, "")

    def upsert(self, name: str, key: str, line: str) -> tuple[FileEntry, bool]:
        """Sets the one line ``key: line`` of a key; further lines of the same key go.

        Returns:
            The entry, and whether the key had a line before.
        """
        key, line = key.strip(), " ".join(line.split("\n")).strip()
        if not key:
            raise Refused("the key is missing")
        start = f"{key}:"
        new = f"{start} {line.removeprefix(start).strip()}".rstrip()
        old = self.read(name).removesuffix("\n").split("\n") if check(name) in self._entries else []
        kept = [text for text in old if not text.startswith(start)]
        if len(kept) == len(old):
            return self.append(name, new), False
        place = next(i for i, text in enumerate(old) if text.startswith(start))
        return self.write(name, "\n".join([*kept[:place], new, *kept[place:]])), True

    def delete(self, name: str) -> None:
        """Removes a file."""
        entry = self.entry(name)
        self._directory.delete(entry.name)
        del self._entries[entry.name]
        self._index = None
        self._total -= entry.chars
        self.journal.append(Mutation(*self._stamp, "delete", entry.name))

    def _admit(self, entry: FileEntry, text: str) -> bytes:
        """Encodes a text for a file, and refuses it where it breaks a quota or has no place."""
        quotas, old = self.quotas, self._entries.get(entry.name)
        total = self._total - (old.chars if old else 0) + entry.chars
        if old is None and len(self._entries) >= quotas.files:
            raise Refused(f"there are {quotas.files:,} files already, and no more are allowed")
        for have, most, what in (
            (entry.chars, quotas.file_chars, "the file"),
            (total, quotas.total_chars, "the memory"),
        ):
            if have > most:
                raise Refused(
                    f"{what} would hold {have:,} characters and {most:,} are allowed; "
                    "WRITE a shorter version, or DELETE what is not needed"
                )
        try:
            content = text.encode("utf-8")
        except UnicodeEncodeError:
            raise Refused(
                "the text holds half characters (lone surrogates); write it anew"
            ) from None
        if old is None:
            self._make_place(entry.name)
        return content

    def _make_place(self, name: str) -> None:
        """Makes the folders of a new file; no name is a file and a folder at once."""
        folders = [name[:at] for at, character in enumerate(name) if character == "/"]
        taken = next((folder for folder in folders if folder in self._entries), None)
        if taken:
            raise Refused(f"{taken} is a file, so it cannot be a folder too")
        if any(other.startswith(f"{name}/") for other in self._entries):
            raise Refused(f"{name} is a folder, so it cannot be a file too")
        self._directory.remove_empty_folder(name)
        if folders:
            self._directory.make_parents(name)

    def _record(self, entry: FileEntry, kind: str, text: str) -> FileEntry:
        old = self._entries.get(entry.name)
        self._total += entry.chars - (old.chars if old else 0)
        self._entries[entry.name] = entry
        self._index = None
        self.journal.append(Mutation(*self._stamp, kind, entry.name, text))
        return entry


def _lines(text: str) -> str:
    """Whole lines: no line break before the first, exactly one after the last."""
    text = text.strip("\n")
    return f"{text}\n" if text else ""
