"""A memory command that was turned down before it reached the memory."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Rejection:
    """A memory command, or several, that was turned down before it reached the memory.

    The words in which the model is told stand in the scaffold's prompts.

    Attributes:
        why: One of :data:`agents.scaffold.prompts.variables.REJECTIONS`.
        command: The command, with its file where it names one; empty where it is about several.
        count: How many commands it is about.
        detail: What else there is to tell, or nothing; what it is depends on ``why``.
    """

    why: str
    command: str = ""
    count: int = 1
    detail: str = ""

    def __str__(self) -> str:
        """For traces."""
        what = self.command or str(self.count)
        return ": ".join(part for part in (what, self.why, self.detail) if part)

    @property
    def facts(self) -> dict[str, Any]:
        """What a prompt can show of it."""
        return dataclasses.asdict(self)
