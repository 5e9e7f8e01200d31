"""What one rendering may cost. Templates are written by models, too, so each is bounded.

The bounds are counts, not seconds, so that a prompt that renders does so on every machine.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextvars import ContextVar
from typing import Any

from jinja2 import Undefined

#: Nodes of the syntax tree that are executed in one rendering, and what is read by them.
STEPS = 100_000
#: Characters that are read, by a comparison or a filter, in the time of a step.
STEP_CHARS = 64
#: Characters of one value; the longest part of an observation has 65,536.
VALUE_CHARS = 200_000
#: Characters of all values together that one rendering makes on its way.
CHARS = 4_000_000
#: Characters of a rendered prompt.
RENDERED_CHARS = 400_000
#: Whole numbers go up to here.
LARGEST = 2**63


class TooMuchError(Exception):
    """A rendering costs more than it may, or would print what has no bound."""


class Meter:
    """Counts what one rendering costs; each method raises ``TooMuchError`` at its limit."""

    def __init__(self) -> None:
        self._steps = STEPS
        self._chars = CHARS
        self._rendered = RENDERED_CHARS

    def charge(self, steps: int) -> None:
        """Counts executed nodes."""
        self._steps -= steps
        if self._steps < 0:
            raise TooMuchError(f"it takes more than {STEPS:,} steps; loop over less")

    def read(self, value: Any) -> None:
        """Counts the reading of a whole value."""
        self.charge(size(value) // STEP_CHARS)

    def keep(self, chars: int) -> None:
        """Counts the characters of a value that is about to be made."""
        if chars > VALUE_CHARS:
            raise TooMuchError(f"it makes a value of more than {VALUE_CHARS:,} characters")
        self._chars -= chars
        if self._chars < 0:
            raise TooMuchError(f"it makes values of more than {CHARS:,} characters together")

    def rendered(self, text: str) -> str:
        """Counts a piece of the rendered prompt."""
        self._rendered -= len(text)
        if self._rendered < 0:
            raise TooMuchError(f"the prompt has more than {RENDERED_CHARS:,} characters")
        return text

    def value(self, value: Any) -> Any:
        """Counts a new value; of anything else that can be iterated over, it makes a list."""
        if type(value) is str:  # most values are
            self.keep(len(value))
            return value
        if isinstance(value, int) and not -LARGEST <= value <= LARGEST:
            raise TooMuchError("it makes a number of more than 63 bits")
        if isinstance(value, Iterable) and not isinstance(value, str | Mapping | Undefined):
            value = list(self._items(value))
        self.keep(size(value))
        return value

    def _items(self, values: Iterable[Any]) -> Iterator[Any]:
        room = VALUE_CHARS
        for value in values:
            self.charge(1)
            room -= 1 + size(value)
            if room < 0:
                self.keep(VALUE_CHARS + 1)
            yield value


_SCALARS = (str, int, float, Undefined)
#: The types of nearly all values, which are looked up faster than classes are compared.
_PLAIN = frozenset({str, int, float, bool, type(None)})

#: The meter of the rendering that is going on.
METER: ContextVar[Meter] = ContextVar("METER")


def scalars(values: Iterable[Any]) -> Iterator[Any]:
    """Passes values on that may be printed, or put into a list.

    Lists in lists could hold one another many times over, and printing one would never end.

    Raises:
        TooMuchError: One is a list or a table.
    """
    for value in values:
        if type(value) not in _PLAIN and not isinstance(value, _SCALARS):
            raise TooMuchError(
                f"a {type(value).__name__} cannot stand here, only text and numbers; loop over it, "
                "or name the part that you mean"
            )
        yield value


def size(value: Any) -> int:
    """Characters of a value and its parts; what prompts are made of is a few levels deep."""
    if isinstance(value, str):
        return len(value)
    if isinstance(value, (list, tuple)):  # faster than a union
        return len(value) + sum(map(size, value))
    if isinstance(value, Mapping):
        return len(value) + sum(map(size, value)) + sum(map(size, value.values()))
    return 1
