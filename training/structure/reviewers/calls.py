"""The calls of a review, in a file: what was answered once is not asked again."""

from __future__ import annotations

import json
import os
from collections import deque
from pathlib import Path

from agents.backends.recorded import Asked
from agents.model import Message
from benchmarks.trace.calls import CallReader, CallWriter
from benchmarks.trace.seal import read_line
from benchmarks.trace.texts import TextTable
from training.structure.directory import SearchError

#: The file's name in the folder of a review.
CALLS = "calls.jsonl"


class Calls:
    """Keeps the calls of one review, and gives those that are there already. Close it.

    A line is a call as traces hold it, whose texts refer to earlier lines.

    Args:
        path: The file; made where it is not there. A torn last line is taken away.

    Raises:
        SearchError: A line is no call.
        OSError: The file cannot be read or written.
    """

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = path.open("a+b")
        # A conversation grows by little from call to call, and goes on long after its texts came.
        self._writer = CallWriter(TextTable(kept=None))
        lines = whole_lines(path)
        self._waiting = deque(zip(read_calls(path, lines), lines, strict=True))
        self._length = 0

    def take(self, messages: tuple[Message, ...], seed: int) -> Asked | None:
        """The next call of the file, if it is this one.

        From the first one on that is another, the file is forgotten: the review, or the code that
        carries it out, is no longer what it was.

        Args:
            messages: The conversation.
            seed: The seed.

        Returns:
            The call; None where a model is to be asked.
        """
        if not self._waiting:
            self._cut()
            return None
        asked, line = self._waiting[0]
        if (asked.messages, asked.seed) != (messages, seed):
            self._waiting.clear()
            self._cut()
            return None
        self._waiting.popleft()
        self._length += len(line)
        self._writer.write(asked)  # so that later lines refer to it as before
        return asked

    def add(self, asked: Asked) -> None:
        """Writes a call down; it is on its way to the disk when this returns."""
        line = json.dumps(self._writer.write(asked), separators=(",", ":")).encode() + b"\n"
        self._file.write(line)
        self._file.flush()
        os.fsync(self._file.fileno())
        self._length += len(line)

    def close(self) -> None:
        """Closes the file; may be called twice."""
        self._file.close()

    def _cut(self) -> None:
        """Takes away what is behind the calls that were taken or added: all that it is not."""
        self._file.truncate(self._length)


def whole_lines(path: Path) -> list[bytes]:
    """The lines of a file, without a last one that is torn."""
    lines = path.read_bytes().split(b"\n")
    return [line + b"\n" for line in lines[:-1]]


def read_calls(path: Path, lines: list[bytes] | None = None) -> list[Asked]:
    """The calls of a file.

    Args:
        path: The file.
        lines: Its lines, where they are read already.

    Raises:
        SearchError: A line is no call; the message names it.
    """
    reader, calls = CallReader(TextTable(kept=None)), []
    for number, line in enumerate(whole_lines(path) if lines is None else lines, 1):
        try:
            calls.append(reader.read(read_line(line) or {}))
        except (IndexError, KeyError, TypeError, ValueError) as error:
            raise SearchError(f"{path}, line {number} is no call: {error!r}") from error
    return calls
