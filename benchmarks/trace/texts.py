"""Texts of one trace, each stored once.

A text is written as itself where it is new, as a number where the trace holds it already, and as
``[number, delta]`` where it resembles a text that the trace holds. Texts are numbered from 0 in the
order in which they appear. The last :data:`KEPT` that were used can be named again, so a long trace
needs no more memory than a short one; reader and writer forget the same ones.
"""

from __future__ import annotations

import json
from collections import OrderedDict

from benchmarks.trace.delta import Delta, decode, encode

#: Texts that can be named again.
KEPT = 256
#: A delta is written where it is at most this share of the text.
_WORTH = 0.8

Like = tuple[int, Delta]
Written = str | int | Like


class TextTable:
    """The texts that a trace can name, seen by its reader and by its writer.

    Args:
        kept: How many can be named again; None for all.
    """

    def __init__(self, kept: int | None = KEPT) -> None:
        self._kept = kept
        self._texts: OrderedDict[int, str] = OrderedDict()
        self._numbers: dict[str, int] = {}
        self._next = 0

    def write(self, text: str, like: int | None = None) -> tuple[Written, int]:
        """Writes a text.

        Args:
            text: The text.
            like: Number of a text that it may resemble.

        Returns:
            What is written, and the text's number.
        """
        known = self._numbers.get(text)
        if known is not None:
            self._texts.move_to_end(known)
            return known, known
        written: Written = text
        if like is not None and like in self._texts:
            delta = encode(self._texts[like], text)
            if len(json.dumps(delta)) <= _WORTH * len(text):
                self._texts.move_to_end(like)
                written = like, delta
        return written, self._add(text)

    def read(self, written: Written) -> str:
        """Reads what :meth:`write` gave.

        Raises:
            KeyError: It names a text that is not there.
            ValueError: A delta does not fit its text.
        """
        if isinstance(written, int):
            self._texts.move_to_end(written)
            return self._texts[written]
        text = written if isinstance(written, str) else self._like(*written)
        self._add(text)
        return text

    def _like(self, number: int, delta: Delta) -> str:
        self._texts.move_to_end(number)
        return decode(self._texts[number], delta)

    def _add(self, text: str) -> int:
        number = self._next
        self._next += 1
        self._texts[number] = text
        self._numbers[text] = number
        if self._kept is not None and len(self._texts) > self._kept:
            _, old = self._texts.popitem(last=False)
            del self._numbers[old]
        return number
