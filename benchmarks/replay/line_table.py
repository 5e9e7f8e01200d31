"""Texts as numbers: a block holds each of its lines once, and its texts refer to them.

A text is described by another one that the reader has, its *base*, as a run of numbers that ends
with :data:`END`. A reader stands before the first line of the base, and takes from the numbers:

- ``n > 0``: the next ``n`` lines are those of the base;
- :data:`NEW`: the next line of the column takes the place of one of the base;
- :data:`JUMP` and ``d``: the base goes on ``d`` lines further down, or up where that is negative;
- ``n <= -3``: line ``-3 - n`` of the block takes the place of one of the base.

:data:`END` alone is the base itself. So what stays costs a digit, what comes again a number, and
only a line that was never there before costs its text.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from benchmarks.trace.delta import Delta, encode

END, NEW, JUMP = 0, -1, -2
_KNOWN = -3


@dataclass(frozen=True, slots=True)
class Column:
    """What is alike in all turns of a block, such as their actions, one after the other.

    Attributes:
        numbers: Texts, as this module describes them, and what else can be counted.
        lines: The lines that are new in this column; it compresses best among its own kind.
    """

    numbers: list[int] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)


class LineTable:
    """Numbers the lines of a block in the order in which its columns bring them; 0 is empty.

    Attributes:
        chars: How many characters its lines have.
    """

    def __init__(self) -> None:
        self.chars = 0
        self._numbers = {"": 0}

    def write(self, column: Column, text: str, base: str = "") -> None:
        """Writes a text.

        Args:
            column: Where it is written.
            text: The text.
            base: What the reader has.
        """
        if text == base:
            column.numbers.append(END)
        elif base or "\n" in text:
            self.write_delta(column, encode(base, text))
        else:
            column.numbers.extend((self._line(column, text), END))

    def write_delta(self, column: Column, delta: Delta) -> None:
        """Writes a text.

        Args:
            column: Where it is written.
            delta: What :func:`benchmarks.trace.delta.encode` gave for it.
        """
        numbers = column.numbers
        place = 0
        for part in delta:
            if isinstance(part, str):
                numbers.append(self._line(column, part))
                place += 1
                continue
            first, count = part
            if first != place:
                numbers.append(JUMP)
                numbers.append(first - place)
            numbers.append(count)
            place = first + count
        numbers.append(END)

    def _line(self, column: Column, line: str) -> int:
        number = self._numbers.get(line)
        if number is not None:
            return _KNOWN - number
        self._numbers[line] = len(self._numbers)
        column.lines.append(line)
        self.chars += len(line)
        return NEW
