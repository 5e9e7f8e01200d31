"""The conversation with a reviewer, whose old results can be shortened."""

from __future__ import annotations

import json
from typing import Self

from agents.model import Call, Message
from agents.tools_agent.conversation import ToolConversation

#: What is kept of an old result, in characters.
KEPT = 300
_MARK = "\n[shortened: {:,} characters stood here; call the tool again if you need them]"


class Conversation(ToolConversation):
    """A conversation over many calls of tools."""

    @classmethod
    def of(cls, call: Call) -> Self:
        """Takes a recorded conversation up again, behind its last answer.

        The answer's calls of tools are still to be answered: :attr:`unanswered` names them.

        Args:
            call: Its last call.
        """
        system, first, *rest = call.messages
        conversation = cls(system.text, "")
        conversation._turns.clear()
        for message in (first, *rest, Message("assistant", call.completion.text)):
            blocks = json.loads(message.text)
            if message.role == "assistant":
                conversation.answer(blocks)
            else:
                for block in blocks:
                    conversation._add(block)
        return conversation

    @property
    def unanswered(self) -> list[str]:
        """The ids of the calls that the last answer makes, and that have no result yet."""
        role, blocks = self._turns[-1]
        return [b["id"] for b in blocks if b["type"] == "tool_use"] if role == "assistant" else []

    def forget(self, target: int) -> bool:
        """Shortens old results, the oldest first; those since the last answer stay.

        Args:
            target: How long the conversation should be at most, in characters.

        Returns:
            Whether it has become shorter; the target may still not be reached.
        """
        chars = before = self.chars
        for role, blocks in self._turns[:-1]:
            for place, block in enumerate(blocks if role == "user" else ()):
                if chars <= target:
                    return chars < before
                if block["type"] == "tool_result" and len(block["content"]) > 2 * KEPT:
                    text = block["content"]
                    short = text[:KEPT] + _MARK.format(len(text) - KEPT)
                    blocks[place] = {**block, "content": short}
                    chars -= len(text) - len(short)
        return chars < before

    def shorten(self, target: int) -> bool:
        """The same, and where that does not do, all that was told is cut; see the base class."""
        shorter = self.forget(target)
        return (self.chars > target and super().shorten(target)) or shorter
