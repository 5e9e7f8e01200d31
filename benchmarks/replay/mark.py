"""What a turn is marked with on the timeline."""

from __future__ import annotations

from enum import IntFlag

from benchmarks.trace import Turn
from benchmarks.trace.recorder import written
from memory_fs import OPERATIONS
from memory_fs.measures import LOOKUPS

#: The event of an agent whose command or action was turned down before it was executed.
_REJECTED = "rejected"


class Mark(IntFlag):
    """What happened in a turn; one turn may have several."""

    WRITE = 1
    SEARCH = 2
    READ = 4
    CALL = 8
    INVALID = 16
    REFUSED = 32
    REJECTED = 64

    @classmethod
    def of(cls, turn: Turn) -> Mark:
        """The marks of a turn."""
        marks = cls(0)
        for done in turn.commands:
            marks |= cls._of_command(written(done["command"])) if done["ok"] else cls.REFUSED
        if turn.files:
            marks |= cls.WRITE
        if turn.asked:
            marks |= cls.CALL
        if turn.info.get("invalid_action") is not None:
            marks |= cls.INVALID
        if any(event.name == _REJECTED for event in turn.events):
            marks |= cls.REJECTED
        return marks

    @classmethod
    def _of_command(cls, name: str) -> Mark:
        if name in LOOKUPS:
            return cls.SEARCH
        operation = OPERATIONS.get(name)
        # What an operation of the user's own changed stands in the turn's files.
        return cls.WRITE if operation is not None and operation.mutates else cls.READ
