"""A memory command as data, and its text."""

from __future__ import annotations

import re
from dataclasses import dataclass

from memory_fs.syntax import END, escape, opening

#: Which fields each built-in operation takes, in the order in which its block holds them.
FIELDS: dict[str, tuple[str, ...]] = {
    "SEARCH": ("file", "text"),
    "READ": ("file",),
    "TAIL": ("file", "text"),
    "COUNT": ("file", "text"),
    "APPEND": ("file", "text"),
    "WRITE": ("file", "text"),
    "CREATE": ("file",),
    "UPSERT": ("file", "key", "text"),
    "DELETE": ("file",),
    "LIST": (),
}

_NAME = re.compile(r"[A-Z][A-Z0-9_]*")
#: Marks that are no memory operation.
RESERVED = ("END", "ACTION", "DONE")


def check_operation_name(name: str) -> None:
    """Checks that an operation may have a name.

    Raises:
        ValueError: It is not in upper case, or the name of another mark.
    """
    if not _NAME.fullmatch(name) or name in RESERVED:
        raise ValueError(
            f"{name!r} is no memory operation: one of {', '.join(FIELDS)}, or one of your own in "
            "upper case"
        )


@dataclass(frozen=True, slots=True)
class MemoryAction:
    """One memory command; ``str()`` gives the block that the parser reads back as this action.

    Attributes:
        op: The operation, in upper case (lower case is accepted).
        file: The file it names.
        text: The last field: a keyword (SEARCH, COUNT), a number of lines (TAIL), text.
        key: The key of an UPSERT.
    """

    op: str
    file: str = ""
    text: str = ""
    key: str = ""

    def __post_init__(self) -> None:
        for field in ("op", "file", "text", "key"):
            value = getattr(self, field)
            if not isinstance(value, str):
                raise TypeError(f"MemoryAction.{field} is text, not {type(value).__name__}")
        object.__setattr__(self, "op", self.op.upper())
        taken = FIELDS.get(self.op)
        if taken is None:
            check_operation_name(self.op)
        for field in ("file", "key"):
            value = getattr(self, field)
            if "|" in value or "\n" in value:
                raise ValueError(f"MemoryAction.{field} holds no '|', no newline and no '<|'")
        if END in self.text:
            raise ValueError(f"MemoryAction.text cannot hold {END}: it closes the command")
        for field in ("file", "key", "text"):
            if taken is not None and field not in taken and getattr(self, field):
                raise ValueError(f"{self.op} takes no {field}")

    def __str__(self) -> str:
        fields = FIELDS.get(self.op)
        if fields is None:  # a custom operation: the fields that are there
            fields = ("file", *(f for f in ("key", "text") if getattr(self, f)))
        if not fields:
            return opening(self.op)
        payload = "|".join(getattr(self, field) for field in fields)
        return f"{opening(self.op)}{escape(payload)}{END}"
