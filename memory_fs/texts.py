"""Text files under one directory: bounded, indexed, and recorded in a journal.

Every operation costs at most O(the one file that it names): lengths and line counts are kept, and
an append does not rewrite. A change is checked, then recorded, then made; so after a crash at any
moment the journal says what the files should be, and opening them again makes them so.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack
from itertools import pairwise
from pathlib import Path

from memory_fs.directory import Directory
from memory_fs.history import History
from memory_fs.index import FileEntry, Index
from memory_fs.journal import Durability, Journal
from memory_fs.lock import Lock
from memory_fs.mutation import Mutation, whole_lines
from memory_fs.name import check
from memory_fs.quotas import Quotas
from memory_fs.recovery import Recovery, differing, repair
from memory_fs.refusal import Refused
from memory_fs.search import Found, Query, search

#: What is kept beside the files; no file of a player can have such a name.
PRIVATE = ".memory_fs"
#: A tail reads this much from the end, and eight times as much when that was not enough.
_TAIL_BYTES = 4_096
#: Bytes of one character in UTF-8, at most.
_WIDEST = 4


class TextFiles:
    """The files of a memory.

    Args:
        root: The directory; it is made where it is not there.
        quotas: The limits.
        durability: What is forced to the disk, and when.

    Raises:
        ValueError: The root holds files that no memory wrote.
        MemoryInUseError: Another store has it open.
        DamagedJournalError: Its journal is not what a memory wrote.
    """

    def __init__(self, root: Path, quotas: Quotas, durability: Durability = "process") -> None:
        if root.exists() and not (root / PRIVATE).is_dir() and any(root.iterdir()):
            raise ValueError(
                f"{root} holds files that no memory wrote; a memory empties its root when an "
                "episode starts, so name a new or an empty directory"
            )
        root.mkdir(parents=True, exist_ok=True)
        self.root, self.quotas = root, quotas
        self._stamp = (0, 0)
        self._pid = os.getpid()
        self._index = Index()
        with ExitStack() as opened:
            self._directory = Directory(root)
            opened.callback(self._directory.close)
            self._directory.make_parents(f"{PRIVATE}/journal")
            fd = self._directory.open(f"{PRIVATE}/lock", os.O_RDWR | os.O_CREAT)
            lock = Lock(fd, f"the memory at {root}")
            opened.callback(lock.close)
            self.journal = Journal(self._directory, f"{PRIVATE}/journal", durability)
            opened.callback(self.journal.close)
            self._resources = opened.pop_all()

    @property
    def history(self) -> History:
        """The past of the files."""
        return History(self.journal)

    def recover(self) -> Recovery:
        """Makes the files what the journal says, after whatever happened to the last holder."""
        torn = self.journal.torn
        mutations, turns = 0, dict[str, int]()
        for mutation in self.journal:
            mutations += 1
            turns[mutation.text if mutation.kind == "rename" else mutation.file] = mutation.turn
        files = self.history.at()
        repaired = repair(self._directory, files)
        self._index = Index()
        for name, text in files.items():
            self._index.set(FileEntry(name, text.count("\n"), len(text), turns[name]))
        return Recovery(mutations, torn, repaired)

    def verify(self) -> tuple[str, ...]:
        """The names at which the directory is not what the journal says; none in a sound memory."""
        return tuple(sorted(differing(self._directory, self.history.at())))

    def begin(self, files: Mapping[str, str]) -> None:
        """Starts anew with some files; a crash leaves all of the old or all of the new.

        Raises:
            Refused: One of the files cannot be; nothing has changed.
        """
        index = Index()
        mutations = []
        for name, text in files.items():
            whole = as_lines(text)
            try:
                entry = FileEntry(check(name), whole.count("\n"), len(whole))
                self.quotas.admit(index, entry.name, entry.chars)
                index.check_new(entry.name)
                encoded(whole)
            except Refused as refusal:
                raise Refused(f"file {name!r}: {refusal}") from None
            index.set(entry)
            mutations.append(Mutation(0, 0, "write", entry.name, whole))
        self._own()
        try:
            self.journal.replace(mutations)
            self._directory.clear(keep=PRIVATE)
            for mutation in mutations:
                self._directory.make_parents(mutation.file)
                self._directory.write(mutation.file, encoded(mutation.text), new=True)
            self._index = index
        except BaseException:
            self.recover()
            raise

    def forget(self) -> None:
        """Makes the present files the initial ones of a new journal."""
        files = self.history.at()
        self.journal.replace(Mutation(0, 0, "write", name, text) for name, text in files.items())
        for entry in self._index.entries():
            self._index.set(entry._replace(turn=0))

    def stamp(self, turn: int, command: int) -> None:
        """Says when the next changes happen, for the journal."""
        self._stamp = (turn, command)

    def sync(self) -> None:
        """Ends a turn: forces to the disk what the durability ``turn`` asks for."""
        self.journal.sync()

    # Reading

    def files(self) -> tuple[FileEntry, ...]:
        """The index, in the order of creation."""
        return self._index.entries()

    def entry(self, name: str) -> FileEntry:
        """The index entry of one file; refused where there is none."""
        return self._index.get(check(name))

    def index(self) -> str:
        """The index as text, a line a file."""
        return str(self._index)

    def read(self, name: str) -> str:
        """The text of a file."""
        return self._directory.read(self.entry(name).name).decode("utf-8")

    def head(self, name: str, chars: int) -> str:
        """The beginning of a file; reads no more of it than that."""
        content = self._directory.read(self.entry(name).name, 0, _WIDEST * chars)
        return content.decode("utf-8", "ignore")[:chars]

    def search(self, name: str, query: str | Query, limit: int | None = None) -> Found:
        """The lines of a file that match a query.

        Args:
            name: The file.
            query: Keywords; see :class:`Query`.
            limit: How many lines are returned, the last ones; the quota ``matches`` by default.
        """
        query = Query.parse(query) if isinstance(query, str) else query
        content = self._directory.read(self.entry(name).name)
        return search(content, query, self.quotas.matches if limit is None else limit)

    def tail(self, name: str, count: int) -> list[str]:
        """The last lines of a file, ``count`` at most; reads no more of it than they need."""
        entry = self.entry(name)
        wanted, size = min(count, entry.lines), _TAIL_BYTES
        while True:
            content = self._directory.read(entry.name, -size)
            lines = content.split(b"\n")[:-1]
            # The first line may be cut, unless more lines than wanted are there or the whole file.
            if len(lines) > wanted or len(content) < size:
                return [line.decode("utf-8") for line in lines[len(lines) - wanted :]]
            size *= 8

    # Writing

    def append(self, name: str, text: str) -> FileEntry:
        """Adds whole lines at the end of a file, which is made where it is not there."""
        name, added = check(name), as_lines(text)
        if not added:
            raise Refused("there is no text to add")
        old = self._index.find(name) or FileEntry(name, 0, 0)
        return self._change(
            "append", name, added, old.lines + added.count("\n"), old.chars + len(added)
        )

    def write(self, name: str, text: str) -> FileEntry:
        """Replaces the whole text of a file, which is made where it is not there."""
        whole = as_lines(text)
        return self._change("write", check(name), whole, whole.count("\n"), len(whole))

    def create(self, name: str) -> FileEntry:
        """Makes a new, empty file."""
        if self._index.find(check(name)):
            raise Refused("it exists already; APPEND adds to it, WRITE replaces it")
        return self.write(name, "")

    def splice(self, name: str, line: int, removed: int, text: str) -> FileEntry:
        """Puts whole lines in the place of some lines of a file.

        Args:
            name: The file.
            line: The first line that goes, from 0.
            removed: How many lines go; 0 to insert.
            text: What comes there.
        """
        entry = self.entry(name)
        added = text if text.endswith("\n") or not text else f"{text}\n"
        old = whole_lines(self.read(name))
        if not 0 <= line <= line + removed <= len(old):
            raise Refused(f"{entry.name} has {entry.lines:,} lines")
        if line == len(old) and added and added == as_lines(text):
            return self.append(name, text)  # the same change has one form in the journal
        mutation = Mutation(*self._stamp, "splice", entry.name, added, line, removed)
        return self._splice(mutation, "".join(old[:line]), "".join(old[line + removed :]))

    def upsert(self, name: str, key: str, line: str) -> tuple[FileEntry, bool]:
        """Sets the one line ``key: line`` of a key; further lines of the same key go.

        Returns:
            The entry, and whether the key had a line before.
        """
        key, line = key.strip(), " ".join(line.split("\n")).strip()
        if not key or ": " in f"{key} ":
            problem = "holds no colon before a space" if key else "is missing"
            raise Refused(f"the key {problem}")
        start = f"{key}:"
        new = f"{start} {line.removeprefix(start).strip()}".rstrip()
        name = check(name)
        old = self.read(name) if self._index.find(name) else ""
        places = _keyed(old, start)
        if not places:
            return self.append(name, new), False
        first, end = places[0]
        if len(places) == 1:
            number = old.count("\n", 0, first)
            mutation = Mutation(*self._stamp, "splice", name, f"{new}\n", number, 1)
            return self._splice(mutation, old[:first], old[end:]), True
        kept = [old[:first], f"{new}\n"]
        for (_, at), (until, _) in pairwise([*places, (len(old), len(old))]):
            kept.append(old[at:until])
        return self.write(name, "".join(kept)), True

    def rename(self, name: str, new: str) -> FileEntry:
        """Gives a file another name."""
        entry, new = self.entry(name), check(new)
        self.check_rename([entry.name], [new])
        self._directory.remove_empty_folder(new)
        self._directory.make_parents(new)
        renamed = entry._replace(name=new, turn=self._stamp[0])

        def make() -> None:
            self._directory.rename(entry.name, new)
            self._index.remove(entry.name)
            self._index.set(renamed)

        self._commit(Mutation(*self._stamp, "rename", entry.name, new), make)
        return renamed

    def check_rename(self, old: Iterable[str], new: Iterable[str]) -> None:
        """Checks that files may have other names, all of them; refused where one may not."""
        index = self._index.copy()
        for name in old:
            index.remove(self.entry(name).name)
        for name in new:
            if index.find(check(name)):
                raise Refused(f"there is {name} already")
            index.check_new(name)
            index.set(FileEntry(name, 0, 0))

    def delete(self, name: str) -> None:
        """Removes a file."""
        entry = self.entry(name)

        def make() -> None:
            self._directory.delete(entry.name)
            self._index.remove(entry.name)

        self._commit(Mutation(*self._stamp, "delete", entry.name), make)

    def _own(self) -> None:
        if os.getpid() != self._pid:
            raise RuntimeError(
                f"this memory belongs to process {self._pid}, which forked this one; make another"
            )

    def _commit(self, mutation: Mutation, make: Callable[[], None]) -> None:
        """Records a change, then makes it; whatever fails or interrupts it, all is as before."""
        self._own()
        mark = self.journal.mark
        try:
            self.journal.append(mutation)
            make()
        except Refused:
            self.journal.take_back(mark)
            raise
        except BaseException:
            # A full disk, or an interrupt at any instant: the journal says how things were.
            self.journal.take_back(mark)
            self.recover()
            raise

    def _change(self, kind: str, name: str, text: str, lines: int, chars: int) -> FileEntry:
        return self._make(Mutation(*self._stamp, kind, name, text), text, lines, chars)

    def _splice(self, mutation: Mutation, before: str, after: str) -> FileEntry:
        """Makes a splice between the texts that stay; only what may move is written."""
        text = mutation.text + after
        lines = self._index.get(mutation.file).lines - mutation.removed + mutation.text.count("\n")
        start = len(before.encode("utf-8"))
        return self._make(mutation, text, lines, len(before) + len(text), start)

    def _make(
        self, mutation: Mutation, text: str, lines: int, chars: int, start: int = 0
    ) -> FileEntry:
        """Checks a change, records it, and makes it; leaves everything as it was where it fails.

        Args:
            mutation: The change.
            text: What is written: the end of an append, else the text from ``start`` on.
            lines: Lines of the file afterwards.
            chars: Characters of the file afterwards.
            start: Bytes at the beginning of the file that stay.
        """
        name, content = mutation.file, encoded(text)
        self.quotas.admit(self._index, name, chars)
        new = self._index.find(name) is None
        if new:
            self._index.check_new(name)
            self._directory.remove_empty_folder(name)
            self._directory.make_parents(name)
        entry = FileEntry(name, lines, chars, mutation.turn)

        def make() -> None:
            if mutation.kind == "append":
                self._directory.append(name, content, new)
            else:
                self._directory.write(name, content, new, start)
            self._index.set(entry)

        self._commit(mutation, make)
        return entry


def _keyed(text: str, start: str) -> list[tuple[int, int]]:
    """Where the lines of a key begin and end, in characters.

    Args:
        text: Whole lines.
        start: The key and its colon; what ends a key comes after it, so that one key is not taken
            for the beginning of another.
    """
    places = []
    at = text.find(start)
    while at >= 0 and (end := text.find("\n", at) + 1):
        after = at + len(start)
        if (not at or text[at - 1] == "\n") and after < end and text[after] in " \n":
            places.append((at, end))
        at = text.find(start, end)
    return places


def encoded(text: str) -> bytes:
    """A text as it stands in a file; refused where it is no text."""
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError:
        raise Refused("the text holds half characters (lone surrogates)") from None


def as_lines(text: str) -> str:
    """Whole lines: no line break before the first, exactly one after the last."""
    text = text.strip("\n")
    return f"{text}\n" if text else ""
