"""The model calls of a block of turns."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from agents.backends.recorded import Asked
from benchmarks.trace.calls import CallWriter
from benchmarks.trace.texts import TextTable

#: Characters after which a block ends early, so that it is quick to open.
CHARS = 4_000_000
#: What of a call is for programs.
_NOT_SHOWN = frozenset({"seed", "tokens", "logprobs"})


class Conversations:
    """Collects the calls of each turn, as :class:`benchmarks.trace.calls.CallWriter` writes them.

    Attributes:
        turns: For each turn its calls, as plain data.
    """

    def __init__(self) -> None:
        # The page opens a block as a whole, and so can name all texts in it.
        self._writer = CallWriter(TextTable(kept=None))
        self.turns: list[list[dict[str, Any]]] = []
        self._chars = 0

    def add(self, asked: Iterable[Asked]) -> None:
        """Adds the calls of the next turn."""
        self.turns.append([self._shown(self._writer.write(call)) for call in asked])

    @property
    def full(self) -> bool:
        """Whether the next turn belongs into another block."""
        return self._chars >= CHARS

    @property
    def any(self) -> bool:
        """Whether there is a call."""
        return self._chars > 0

    def _shown(self, call: dict[str, Any]) -> dict[str, Any]:
        shown = {name: value for name, value in call.items() if name not in _NOT_SHOWN}
        self._chars += len(json.dumps(shown))
        return shown
