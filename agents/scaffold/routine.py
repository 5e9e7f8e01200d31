"""One routine of the agent: what it may do with the memory, and for how long."""

from __future__ import annotations

from dataclasses import dataclass

#: The routines of a game step, in their order. Those in READ_ONLY may not change the memory.
ROUTINES = ("log", "plan")
READ_ONLY = ("plan",)


@dataclass(frozen=True, slots=True)
class Routine:
    """One routine.

    Attributes:
        name: One of :data:`ROUTINES`.
        operations: The memory operations that it may use.
        turns: Model turns that it has in a game step.
    """

    name: str
    operations: tuple[str, ...]
    turns: int
