"""The record of every change of a memory; written first, so it is what counts after a crash."""

from __future__ import annotations

import json
import os
import zlib
from collections.abc import Iterable, Iterator
from typing import Literal, get_args

from memory_fs.directory import Directory, write_at
from memory_fs.mutation import KINDS, Mutation
from memory_fs.name import is_name

#: What is forced to the disk: nothing (safe against the death of the process, not of the machine),
#: the journal at the end of every turn (``sync``, or the next turn's first change), or the journal
#: with every operation.
Durability = Literal["process", "turn", "operation"]
DURABILITIES: tuple[str, ...] = get_args(Durability)

_BLOCK = 1 << 20
_QUOTED = json.encoder.encode_basestring_ascii


class DamagedJournalError(ValueError):
    """A journal holds what no memory wrote, and not only a torn end."""


class Journal:
    """An append-only file of mutations: a checksum and a JSON object a line.

    Args:
        directory: Where it lies.
        name: Its name there.
        durability: What is forced to the disk.

    Raises:
        DamagedJournalError: A line that is not the last one is not what was written.
    """

    def __init__(self, directory: Directory, name: str, durability: Durability = "process") -> None:
        self.durability = durability
        self._directory, self._name = directory, name
        self._fd = directory.open(name, os.O_RDWR | os.O_CREAT)
        self._unsynced = False
        self._turn = 0
        self._size = 0
        #: Bytes of a torn last record that were dropped when the journal was opened.
        self.torn = 0
        for mutation, end in self._records():
            self._turn, self._size = mutation.turn, end
        size = os.fstat(self._fd).st_size
        self.torn = size - self._size
        if self.torn:
            os.ftruncate(self._fd, self._size)

    def replace(self, mutations: Iterable[Mutation]) -> None:
        """Begins anew with some mutations; a crash leaves all of the old or all of the new."""
        content = b"".join(map(_encode, mutations))
        new = f"{self._name}.new"
        self._directory.discard(new)
        fd = self._directory.open(new, os.O_RDWR | os.O_CREAT | os.O_EXCL)
        try:
            write_at(fd, content, 0)
            if self.durability != "process":
                os.fsync(fd)
            self._directory.replace(new, self._name)
            # From here on the new file is the journal, whatever comes.
            self._fd, old = fd, self._fd
        except BaseException:
            os.close(fd)
            raise
        self._size, self._turn, self._unsynced = len(content), 0, False
        os.close(old)
        if self.durability != "process":
            self._directory.sync()

    @property
    def mark(self) -> int:
        """The present end, for :meth:`take_back`."""
        return self._size

    def append(self, mutation: Mutation) -> None:
        """Records a mutation before it is made.

        Raises:
            OSError: It could not be written; :meth:`take_back` to the :attr:`mark` before it.
        """
        if mutation.turn < self._turn:
            raise ValueError(f"turn {mutation.turn} comes after turn {self._turn}: no going back")
        if mutation.turn != self._turn:
            self._sync_if(self._unsynced and self.durability == "turn")
            self._turn = mutation.turn
        record = _encode(mutation)
        write_at(self._fd, record, self._size)
        self._size += len(record)
        self._unsynced = True
        self._sync_if(self.durability == "operation")

    def take_back(self, mark: int) -> None:
        """Removes what was recorded since a mark: it could not be made."""
        os.ftruncate(self._fd, mark)
        self._size = mark

    def sync(self) -> None:
        """Forces to the disk what the durability asks for, at the end of a turn."""
        self._sync_if(self._unsynced and self.durability != "process")

    def _sync_if(self, needed: bool) -> None:
        if needed:
            os.fsync(self._fd)
            self._unsynced = False

    def __iter__(self) -> Iterator[Mutation]:
        """All mutations so far, oldest first."""
        return (mutation for mutation, _ in self._records())

    def _records(self) -> Iterator[tuple[Mutation, int]]:
        """Mutations, and where each one's record ends; stops at a torn end."""
        end = 0
        for number, line in enumerate(_lines(self._fd), 1):
            mutation = _decode(line)
            if mutation is None and line.endswith(b"\n"):
                raise DamagedJournalError(
                    f"line {number} of the journal is not what was written; restore it from a "
                    "copy, or name an empty directory"
                )
            if mutation is None:
                return
            end += len(line)
            yield mutation, end

    def close(self) -> None:
        """Forces out what the durability asks for and closes; may be called twice."""
        if self._fd >= 0:
            self.sync()
            os.close(self._fd)
            self._fd = -1


def _lines(fd: int) -> Iterator[bytes]:
    """The lines of a file, read by position so that writing may go on meanwhile."""
    at, parts = 0, list[bytes]()
    while block := os.pread(fd, _BLOCK, at):
        at += len(block)
        first, *others = block.split(b"\n")
        parts.append(first)
        for following in others:
            yield b"".join([*parts, b"\n"])
            parts = [following]
    if rest := b"".join(parts):
        yield rest


def _encode(mutation: Mutation) -> bytes:
    turn, command, kind, file, text, line, removed = mutation
    turn, command = int(turn), int(command)
    # By hand, as the general encoder takes as long as writing the file.
    splice = f',"line":{line},"removed":{removed}' if kind == "splice" else ""
    body = (
        f'{{"turn":{turn},"command":{command},"kind":"{kind}","file":"{file}",'
        f'"text":{_QUOTED(text)}{splice}}}'
    ).encode("ascii")
    return b"%08x %b\n" % (zlib.crc32(body), body)


def _decode(line: bytes) -> Mutation | None:
    checksum, _, body = line.removesuffix(b"\n").partition(b" ")
    if not line.endswith(b"\n") or checksum != b"%08x" % zlib.crc32(body):
        return None
    # The checksum finds accidents; whoever writes a journal by hand must not lead out of the root.
    try:
        mutation = Mutation(**json.loads(body))
        names = [mutation.file, mutation.text] if mutation.kind == "rename" else [mutation.file]
        numbers = (mutation.turn, mutation.command, mutation.line, mutation.removed)
        sound = (
            mutation.kind in KINDS
            and all(map(is_name, names))
            and isinstance(mutation.text, str)
            and all(type(number) is int and number >= 0 for number in numbers)
        )
    except (ValueError, TypeError, AttributeError, RecursionError):
        return None
    return mutation if sound else None
