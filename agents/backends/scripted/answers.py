"""What the memory has answered: the lines of its files that a conversation shows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from agents.backends.scripted.prompt import LOOKS, Prompt
from memory_fs.operation import EVERY, NOTHING

#: The first line of an answer: operation, file and keyword, and how much was found.
_HEAD = re.compile(
    rf"^(?P<op>{'|'.join(LOOKS)}) (?P<what>\S.*?): "
    rf"(?P<found>refused: .*|{NOTHING} .*|\[last [\d,]+ of .*\]|[\d,]+ (?:line|match)(?:e?s)?\b.*)$"
)
#: How many lines follow, where that is told.
_LINES = re.compile(r"(\d[\d,]{0,11}) lines?$|\[last (\d[\d,]{0,11}) of [\d,]+ lines?\]$")
#: The place of a line in the answer of a search.
_PLACE = re.compile(r"^[\[(]\d{1,9}[\])] ?")
_CUT = "[cut: "


@dataclass(slots=True)
class Known:
    """What is known of one file.

    Attributes:
        lines: Its lines that were shown, in the order in which they were.
        whole: Whether all of it was shown.
        cut: Whether an answer had no room for all that it should have shown.
    """

    lines: list[str] = field(default_factory=list)
    whole: bool = False
    cut: bool = False


def read_answers(prompt: Prompt) -> dict[str, Known]:
    """What a conversation shows of each file: what was answered, and what was written in it."""
    known: dict[str, Known] = {}
    names = sorted(prompt.files, key=len, reverse=True)
    for results in prompt.results:
        for op, what, found, lines in _answers(results):
            file = next((n for n in names if what == n or what.startswith(f"{n} ")), None)
            if op in ("COUNT", "LIST") or found.startswith(("refused: ", NOTHING)):
                continue
            if file is not None:
                _learn(known.setdefault(file, Known()), op, found, lines)
            elif what.startswith(f"{EVERY} "):
                _spread(known, names, lines)
    for command in prompt.written:
        known.setdefault(command.file, Known()).lines += command.text.split("\n")
    return known


def _answers(results: str) -> Iterator[tuple[str, str, str, list[str]]]:
    """The answers in a text: operation, file and keyword, how much was found, lines."""
    head: re.Match[str] | None = None
    lines: list[str] = []
    announced = 0
    for line in results.split("\n"):
        # A line of a file may look like an answer, so lines are counted where their number is told.
        new = _HEAD.match(line) if len(lines) >= announced else None
        if new is None:
            lines.append(line)
            continue
        if head is not None:
            yield head["op"], head["what"], head["found"], lines
        head, lines = new, []
        count = _LINES.match(new["found"]) if new["op"] in ("READ", "TAIL") else None
        announced = int((count[1] or count[2]).replace(",", "")) if count else 0
    if head is not None:
        yield head["op"], head["what"], head["found"], lines


def _learn(known: Known, op: str, found: str, lines: list[str]) -> None:
    cut = "[" in found
    if op == "READ" and cut:
        lines = lines[:-1]  # its last line is not whole
    kept = [line for line in lines if not line.startswith(_CUT)]
    if op == "SEARCH":
        kept = [_PLACE.sub("", line, 1) for line in kept]
    known.lines += kept
    known.cut |= cut and op != "TAIL"
    known.whole |= op == "READ" and not cut


def _spread(known: dict[str, Known], names: list[str], lines: list[str]) -> None:
    """Gives the lines of a search in all files to the files that they name."""
    for line in lines:
        file = next((name for name in names if line.startswith((f"{name}[", f"{name}("))), None)
        if file is not None:
            text = _PLACE.sub("", line.removeprefix(file), 1)
            known.setdefault(file, Known()).lines.append(text)
