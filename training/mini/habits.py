"""The habits that show in conversations."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from agents.model import Message
from memory_fs.syntax import opening

_LOOK, _WRITE, _ACTION = map(opening, ("SEARCH", "APPEND", "ACTION"))


def habits(talks: Iterable[Sequence[Message]]) -> dict[str, float]:
    """How often the planted habits show in conversations, as shares of those of a routine.

    Returns:
        ``acts unread`` of PLAN's; ``writes`` of LOG's, and of those that write ``writes unread``.
    """
    counts: Counter[str] = Counter()
    for talk in talks:
        answers = [message.text for message in talk if message.role == "assistant"]
        looked = _LOOK in answers[0]
        if _ACTION in answers[-1]:
            counts["plan"] += 1
            counts["acts unread"] += not looked
        else:
            counts["log"] += 1
            writes = any(_WRITE in answer for answer in answers)
            counts["writes"] += writes
            counts["writes unread"] += writes and not looked
    return {
        "acts unread": counts["acts unread"] / max(1, counts["plan"]),
        "writes": counts["writes"] / max(1, counts["log"]),
        "writes unread": counts["writes unread"] / max(1, counts["writes"]),
    }
