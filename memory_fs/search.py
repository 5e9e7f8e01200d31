"""Finding lines by keyword, fast and in any case."""

from __future__ import annotations

import heapq
import re
from collections import deque
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from memory_fs.refusal import Refused

#: How many alternatives a query may have; each costs a walk through the file.
_ALTERNATIVES = 16
_CONTEXT = re.compile(r"\s~(\d{1,3})\s*$")


class Query(NamedTuple):
    """What is looked for.

    Attributes:
        alternatives: A line is found if it holds all keywords of one alternative.
        context: How many lines before and after a found line are shown.
    """

    alternatives: tuple[tuple[str, ...], ...]
    context: int = 0

    @classmethod
    def parse(cls, text: str) -> Query:
        """Reads a query: ``keyword``, ``one|other``, ``one & other``, and `` ~2`` for context.

        Raises:
            Refused: There is no keyword in it.
        """
        text = text.replace("\n", " ")
        found = _CONTEXT.search(text)
        if found:
            text = text[: found.start()]
        alternatives = [
            tuple(word.strip() for word in part.split(" & ") if word.strip(" &"))
            for part in text.split("|")
        ]
        distinct = tuple(dict.fromkeys(filter(None, alternatives)))
        if not distinct:
            raise Refused("the keyword is missing")
        if len(distinct) > _ALTERNATIVES:
            raise Refused(f"{len(distinct)} alternatives; {_ALTERNATIVES} at most")
        return cls(distinct, int(found[1]) if found else 0)


class Match(NamedTuple):
    """A line of a result.

    Attributes:
        number: Its number in the file, from 1.
        text: The line.
        found: Whether it matches; else it is context.
    """

    number: int
    text: str
    found: bool = True


class Found(NamedTuple):
    """What a search found.

    Attributes:
        total: How many lines match.
        lines: The last of them, up to the limit, with their context, in the file's order.
        shown: How many of the lines that match are among those.
    """

    total: int
    lines: tuple[Match, ...]
    shown: int


def search(content: bytes, query: Query, limit: int) -> Found:
    """Finds the lines of a file.

    Letters of ASCII match in any case. Where a keyword holds others, case is folded as Unicode
    says.

    Args:
        content: The file: UTF-8 text of whole lines.
        query: What is looked for.
        limit: How many lines that match are returned; the last ones are.
    """
    words = [word for alternative in query.alternatives for word in alternative]
    if not all(word.isascii() for word in words):
        # A fold may change the length of a line, so the lines are numbered in what is folded and
        # taken from what is not.
        text = content.decode("utf-8")
        content = "".join(f"{line.casefold()}\n" for line in text.split("\n")[:-1]).encode("utf-8")
        lines = text.split("\n")
    else:
        lines = []
    folded = content.lower()
    hits = [_scan(folded, alternative) for alternative in query.alternatives]
    total, last = 0, deque[tuple[int, int]](maxlen=limit)
    for number, start in hits[0] if len(hits) == 1 else _unique(heapq.merge(*hits)):
        total += 1
        last.append((number, start))
    shown: dict[int, Match] = {}
    for number, start in last:
        for near, text in _around(content, number, start, query.context):
            if near == number or near not in shown:
                shown[near] = Match(near, lines[near - 1] if lines else text, near == number)
    return Found(total, tuple(shown[number] for number in sorted(shown)), len(last))


def _unique(pairs: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The pairs without those that equal the one before."""
    before = None
    for pair in pairs:
        if pair != before:
            yield pair
        before = pair


def _scan(folded: bytes, words: tuple[str, ...]) -> Iterator[tuple[int, int]]:
    """Number and start of each line that holds all words."""
    # A keyword may hold half a character (a lone surrogate), which models do write; no file does.
    needles = sorted(
        (word.casefold().encode("utf-8", "surrogatepass") for word in words), key=len, reverse=True
    )
    number, counted, at = 1, 0, 0
    while (hit := folded.find(needles[0], at)) >= 0:
        start = folded.rfind(b"\n", 0, hit) + 1
        end = folded.find(b"\n", hit)
        end = len(folded) if end < 0 else end
        number += folded.count(b"\n", counted, start)
        counted = start
        if len(needles) == 1 or all(folded.find(word, start, end) >= 0 for word in needles[1:]):
            yield number, start
        at = end + 1


def _around(content: bytes, number: int, start: int, context: int) -> Iterator[tuple[int, str]]:
    """The line that starts at a place, and those around it."""
    first, begin = number, start
    while first > 1 and number - first < context:
        begin = content.rfind(b"\n", 0, begin - 1) + 1
        first -= 1
    for near in range(first, number + context + 1):
        if begin >= len(content):
            return
        end = content.find(b"\n", begin)
        end = len(content) if end < 0 else end
        yield near, content[begin:end].decode("utf-8")
        begin = end + 1
