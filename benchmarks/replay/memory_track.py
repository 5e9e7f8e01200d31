"""The memory of an episode while its trace is read: what turns changed, and which wrote a line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple, Self

from benchmarks.trace import MemoryReplay, Turn
from benchmarks.trace.delta import Delta, encode


class FileChange(NamedTuple):
    """What a turn did to a file.

    Attributes:
        name: The file.
        delta: Its text as the difference to what it was; None where it is gone.
    """

    name: str
    delta: Delta | None


class MemoryTrack:
    """Follows a memory. Use it in a ``with`` block, or close it.

    Args:
        header: The header of the trace.

    Attributes:
        files: The files as they are after the last turn, name to text.
        origins: By file: for each of its lines, the turn that wrote it; 0 at the start.
    """

    def __init__(self, header: Mapping[str, Any]) -> None:
        self._memory = MemoryReplay(header)
        self.files: dict[str, str] = dict(self._memory.files)
        self.origins = {name: [0] * _lines(text) for name, text in self.files.items()}

    def apply(self, turn: Turn) -> list[FileChange]:
        """Makes the changes of the next turn, and tells them.

        Raises:
            TraceError: A command that was done once cannot be done again.
        """
        # A turn without commands may change files too, where the memory forgets.
        changes = (self._change(name, turn.turn) for name in self._memory.apply(turn))
        return [change for change in changes if change is not None]

    def _change(self, name: str, turn: int) -> FileChange | None:
        """What is new of a file; None where it was written as it was."""
        text = self._memory.files.get(name)
        if text is None:
            del self.files[name], self.origins[name]
            return FileChange(name, None)
        if text == self.files.get(name):
            return None
        delta = _difference(self.files.get(name, ""), text)
        old, new = self.origins.get(name, [0]), list[int]()
        for part in delta:
            if isinstance(part, str):
                new.append(turn)
            else:
                new += old[part[0] : part[0] + part[1]]
        self.files[name], self.origins[name] = text, new
        return FileChange(name, delta)

    def close(self) -> None:
        """Frees the memory; may be called twice."""
        self._memory.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _lines(text: str) -> int:
    return text.count("\n") + 1


def _difference(old: str, new: str) -> Delta:
    """The delta; for what was appended, as most is, without a look at each of the old lines."""
    if old.endswith("\n") and new.startswith(old):
        return [[0, old.count("\n")], *new[len(old) :].split("\n")]
    return encode(old, new)
