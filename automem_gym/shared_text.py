"""What makes ``AsyncVectorEnv`` carry texts between processes.

Gymnasium hands observations over in shared memory and asks each kind of space how. A text lies
there as UTF-8 behind its length, in a slot that holds the longest text of its space.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import Any, overload

from gymnasium.vector.utils import shared_memory

from automem_gym.text_space import TextSpace

_LENGTH = struct.Struct("=q")
_WIDEST = 4  # bytes of one character in UTF-8


def _slot(space: TextSpace) -> int:
    return _LENGTH.size + _WIDEST * space.max_length


def _create(space: TextSpace, n: int = 1, ctx: Any = None) -> Any:
    # Without a lock: each slot has one writer, and is read only after that one has answered.
    return ctx.RawArray("c", n * _slot(space))


def _write(space: TextSpace, index: int, value: str, memory: Any) -> None:
    content = value.encode("utf-8", "surrogatepass")
    if len(value) > space.max_length:
        raise ValueError(f"a text of {len(value):,} characters in {space!r}")
    start = index * _slot(space)
    view = memoryview(memory).cast("B")
    _LENGTH.pack_into(view, start, len(content))
    view[start + _LENGTH.size : start + _LENGTH.size + len(content)] = content


class SharedTexts(Sequence[str]):
    """The current texts of all environments, read from shared memory at each access.

    ``AsyncVectorEnv`` makes this once and expects it to follow the memory, as an array would; what
    it hands to the caller is a deep copy, which is a plain tuple of texts.
    """

    def __init__(self, space: TextSpace, memory: Any, n: int) -> None:
        self._view = memoryview(memory).cast("B")
        self._slot = _slot(space)
        self._n = n

    def __len__(self) -> int:
        return self._n

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[str, ...]: ...
    def __getitem__(self, index: int | slice) -> str | tuple[str, ...]:
        if isinstance(index, slice):
            return tuple(self[i] for i in range(*index.indices(self._n)))
        if not -self._n <= index < self._n:
            raise IndexError(f"environment {index} of {self._n}")
        start = index % self._n * self._slot + _LENGTH.size
        (length,) = _LENGTH.unpack_from(self._view, start - _LENGTH.size)
        return bytes(self._view[start : start + length]).decode("utf-8", "surrogatepass")

    def __deepcopy__(self, memo: dict[int, Any]) -> tuple[str, ...]:
        return tuple(self)

    def __repr__(self) -> str:
        return repr(tuple(self))


def _read(space: TextSpace, memory: Any, n: int = 1) -> Any:
    return SharedTexts(space, memory, n)


def register() -> None:
    """Tells Gymnasium how; done once, by ``import automem_gym``."""
    shared_memory.create_shared_memory.register(TextSpace, _create)
    shared_memory.write_to_shared_memory.register(TextSpace, _write)
    shared_memory.read_from_shared_memory.register(TextSpace, _read)
