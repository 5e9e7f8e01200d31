"""From text to memory actions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from memory_fs.action import FIELDS, MemoryAction
from memory_fs.syntax import END, THOUGHT, Block, Syntax, opening

_FIELD_NAMES = {"SEARCH": "keyword", "COUNT": "keyword", "TAIL": "n", "APPEND": "line"}


@dataclass(frozen=True, slots=True)
class Malformed:
    """A block that is no valid command.

    Attributes:
        name: The name in its opening mark.
        problem: What is wrong and what would be right, for the model.
    """

    name: str
    problem: str


def form(op: str, fields: tuple[str, ...] | None = None) -> str:
    """How an operation is written, for help and error texts: ``<|READ|>file<|END|>``."""
    fields = FIELDS.get(op, ("file", "text")) if fields is None else fields
    if not fields:
        return opening(op)
    words = (_FIELD_NAMES.get(op, name) if name == "text" else name for name in fields)
    return f"{opening(op)}{'|'.join(words)}{END}"


class Parser:
    """Finds the memory commands of texts.

    Args:
        fields: The fields of each known operation, by name; the built-in ones by default.
    """

    def __init__(self, fields: Mapping[str, tuple[str, ...]] = FIELDS) -> None:
        self.fields = dict(fields)
        self._syntax = Syntax(self.fields, [name for name, taken in fields.items() if not taken])

    def parse(self, text: str) -> tuple[MemoryAction | Malformed, ...]:
        """Finds the commands of one text. Total: never raises on any string.

        Returns:
            In the order in which they stand in the text: the actions, and in between what looked
            like a command and is none.
        """
        found: list[MemoryAction | Malformed] = []
        for block in self._syntax.scan(text):
            if block.name == THOUGHT:
                found.clear()
            else:
                found.append(self.read(block))
        return tuple(found)

    def read(self, block: Block) -> MemoryAction | Malformed:
        """Reads one block."""
        fields = self.fields.get(block.name)
        if fields is None:
            return Malformed(block.name, f"no such command; there are {', '.join(self.fields)}")
        parts = block.payload.split("|", len(fields) - 1) if fields else []
        # TAIL without a number has an obvious meaning; a text that was forgotten has none.
        optional = block.name == "TAIL" or block.name not in FIELDS
        if len(parts) < len(fields) and not optional:
            return Malformed(block.name, f"a field is missing; write {form(block.name, fields)}")
        try:
            return MemoryAction(block.name, **dict(zip(fields, parts, strict=False)))
        except ValueError:
            problem = "file and key hold no '|' and no line break"
            return Malformed(block.name, f"{problem}; write {form(block.name, fields)}")


_BUILT_IN = Parser()


def parse(text: str) -> tuple[MemoryAction | Malformed, ...]:
    """Finds the commands of the built-in operations in a text; see :meth:`Parser.parse`."""
    return _BUILT_IN.parse(text)
