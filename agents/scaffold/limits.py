"""The limits of a scaffold's routines."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any


def _limit(least: int, most: int) -> Any:
    return field(metadata={"least": least, "most": most})


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of a scaffold's routines, all whole numbers.

    Attributes:
        consultation_turns: Model turns in which a specialist consults the memory before a gameplay
            model takes over, at most.
        action_retries: How often an impossible or rejected action comes back to the model with the
            reason, before the game's default action is executed.
        stuck_steps: Game steps in a row without any change of what the game shows that count as
            being stuck.
        reply_chars: How much of a long reply is kept in the conversation.
    """

    consultation_turns: int = _limit(1, 32)
    action_retries: int = _limit(0, 16)
    stuck_steps: int = _limit(1, 1_000)
    reply_chars: int = _limit(200, 100_000)

    @classmethod
    def ranges(cls) -> dict[str, tuple[int, int]]:
        """The least and the greatest value of each limit."""
        return {
            limit.name: (limit.metadata["least"], limit.metadata["most"]) for limit in fields(cls)
        }
