"""A conversation with tool calls, which can be shortened where it does not fit."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import Any

from agents.dialogue.compaction import cut_pieces, piece_limit
from agents.model import Message
from agents.model.tool_model import recorded_messages


class ToolConversation:
    """User and assistant in turns, in the form of the Messages API.

    Args:
        system: The system message.
        text: The first words of the user.
    """

    def __init__(self, system: str, text: str) -> None:
        self.system = system
        self._turns: list[tuple[str, list[dict[str, Any]]]] = []
        self._limit: int | None = None
        self._ids: set[str] = set()
        self.say(text)

    def say(self, text: str) -> None:
        """Adds words of the user."""
        self._add({"type": "text", "text": text})

    def tell(self, use: str, text: str, error: bool = False) -> None:
        """Adds what came of a call; before the user's next words.

        Args:
            use: The id of the call.
            text: What came of it.
            error: Whether it was turned down.
        """
        block = {"type": "tool_result", "tool_use_id": use, "content": text}
        self._add(block | ({"is_error": True} if error else {}))

    def answer(self, content: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
        """Adds an answer; one without blocks is dropped, because no server takes it back.

        Returns:
            The calls of tools in it, each with an id of its own in this conversation: not every
            server gives ids, or different ones, and none takes a conversation without them.
        """
        blocks = [
            self._with_id(block) if block["type"] == "tool_use" else dict(block)
            for block in content
            if block["type"] != "text" or block["text"].strip()
        ]
        if blocks:
            self._turns.append(("assistant", blocks))
        return [block for block in blocks if block["type"] == "tool_use"]

    def _with_id(self, use: Mapping[str, Any]) -> dict[str, Any]:
        name = use["id"]
        if not name or name in self._ids:
            new = (f"call_{number}" for number in itertools.count())
            name = next(name for name in new if name not in self._ids)
        self._ids.add(name)
        return {**use, "id": name}

    def _add(self, block: dict[str, Any]) -> None:
        if not self._turns or self._turns[-1][0] != "user":
            self._turns.append(("user", []))
        self._turns[-1][1].append(block)

    @property
    def turns(self) -> list[dict[str, Any]]:
        """The conversation as a model is asked with it."""
        return [
            {"role": role, "content": list(map(self._cut, blocks)) if role == "user" else blocks}
            for role, blocks in self._turns
        ]

    @property
    def messages(self) -> tuple[Message, ...]:
        """The conversation as a call records it."""
        return recorded_messages(self.system, self.turns)

    @property
    def chars(self) -> int:
        """Its length in characters, as it is recorded."""
        return sum(len(message.text) for message in self.messages)

    def shorten(self, target: int) -> bool:
        """Cuts the longest sections of what the game and the memory have told.

        What the model itself wrote, and the system message, are never cut.

        Args:
            target: How long it should be at most, in characters.

        Returns:
            Whether it has become shorter; the target may still not be reached.
        """
        before = self.chars
        told = [_text(block) for role, blocks in self._turns if role == "user" for block in blocks]
        rest = before - sum(
            len(text if self._limit is None else self._shown(text)) for text in told
        )
        limit = piece_limit(told, target - rest)
        self._limit = limit if self._limit is None else min(limit, self._limit)
        return self.chars < before

    def _cut(self, block: dict[str, Any]) -> dict[str, Any]:
        if self._limit is None:
            return block
        name = "content" if block["type"] == "tool_result" else "text"
        return {**block, name: self._shown(block[name])}

    def _shown(self, text: str) -> str:
        return text if self._limit is None else cut_pieces(text, self._limit)


def _text(block: Mapping[str, Any]) -> str:
    text: str = block["content"] if block["type"] == "tool_result" else block["text"]
    return text
