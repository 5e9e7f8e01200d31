"""What one rendering may cost. Templates are written by models, too, so each is bounded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextvars import ContextVar
from typing import Any

from jinja2 import Undefined

#: Nodes of the syntax tree that are executed in one rendering.
STEPS = 100_000
#: Characters of all values together that one rendering makes on its way.
CHARS = 4_000_000
#: Characters of one value; the longest part of an observation has 65,536.
VALUE_CHARS = 200_000
#: Characters of a rendered prompt.
RENDERED_CHARS = 400_000
#: Whole numbers go up to here.
LARGEST = 2**63


class TooMuchError(Exception):
    """A rendering costs more than it may."""


class Meter:
    """Counts what one rendering costs."""

    def __init__(self) -> None:
        self._steps = STEPS
        self._chars = CHARS
        self._rendered = RENDERED_CHARS

    def charge(self, steps: int) -> None:
        """Counts executed nodes.

        Raises:
            TooMuchError: There were too many.
        """
        self._steps -= steps
        if self._steps < 0:
            raise TooMuchError(f"it takes more than {STEPS:,} steps; loop over less")

    def keep(self, chars: int) -> None:
        """Counts the characters of a new value.

        Raises:
            TooMuchError: There were too many.
        """
        if chars > VALUE_CHARS:
            raise TooMuchError(f"a value has more than {VALUE_CHARS:,} characters")
        self._chars -= chars
        if self._chars < 0:
            raise TooMuchError(f"its values have more than {CHARS:,} characters together")

    def rendered(self, text: str) -> str:
        """Counts a piece of the rendered text.

        Raises:
            TooMuchError: It is too long.
        """
        self._rendered -= len(text)
        if self._rendered < 0:
            raise TooMuchError(f"the prompt has more than {RENDERED_CHARS:,} characters")
        return text

    def value(self, value: Any) -> Any:
        """Counts a new value; of anything that can be iterated over it makes a list.

        Raises:
            TooMuchError: It is too long, or a number too large.
        """
        if isinstance(value, int) and not -LARGEST <= value <= LARGEST:
            raise TooMuchError("a number has more than 63 bits")
        if is_scalar(value):
            self.keep(_size(value))
            return value
        if isinstance(value, Mapping):
            self.keep(sum(1 + _size(key) + _size(kept) for key, kept in value.items()))
            return value
        if isinstance(value, Undefined) or not isinstance(value, Iterable):
            return value
        kept = []
        for item in value:
            self.charge(1)
            self.keep(1 + _size(item))
            kept.append(item)
        return kept


#: The meter of the rendering that this thread is at.
METER: ContextVar[Meter] = ContextVar("METER")


def is_scalar(value: object) -> bool:
    """Whether a value is text, a number, a truth value or none."""
    return value is None or isinstance(value, str | int | float)


def scalars(values: Iterable[Any]) -> Iterator[Any]:
    """Passes values on that may be printed or put into a list.

    Raises:
        TooMuchError: One is a list or a table, which can hold itself many times over.
    """
    for value in values:
        if not is_scalar(value) and not isinstance(value, Undefined):
            raise TooMuchError(
                f"a {type(value).__name__} cannot stand here, only text and numbers; loop over it "
                "or use its parts"
            )
        yield value


def _size(value: Any) -> int:
    """Characters of a value, those of its parts included; data are at most a few levels deep."""
    if isinstance(value, str):
        return len(value)
    if isinstance(value, Mapping):
        return sum(1 + _size(key) + _size(part) for key, part in value.items())
    if isinstance(value, list | tuple):
        return sum(1 + _size(part) for part in value)
    return 1
