"""A conversation with a model, which can be shortened where it does not fit."""

from __future__ import annotations

from agents.dialogue.compaction import cut_pieces, piece_limit
from agents.model import Message


class Conversation:
    """A system message, then user and assistant in turns.

    Args:
        system: The system message.
        pinned: How many messages at the beginning are never left out, the system message included:
            2 keeps the first message of the user, too.
    """

    def __init__(self, system: str, pinned: int = 2) -> None:
        self._messages = [Message("system", system)]
        self._pinned = pinned
        self._left_out = 0
        self._limit: int | None = None

    def say(self, text: str) -> None:
        """Adds words of the user: to its message where that is the last one, as roles alternate."""
        if self._messages[-1].role == "user":
            text = f"{self._messages.pop().text}\n\n{text}"
        self._messages.append(Message("user", text))

    def answer(self, text: str) -> None:
        """Adds an answer; one without words is dropped, because no server takes it back."""
        if text.strip():
            self._messages.append(Message("assistant", text))

    @property
    def messages(self) -> tuple[Message, ...]:
        """The conversation as a model is asked with it."""
        if self._limit is None and not self._left_out:
            return tuple(self._messages)
        shown = [self._messages[0], *map(self._cut, self._messages[1:])]
        if self._left_out:
            noun = "exchange" if self._left_out == 1 else "exchanges"
            note = f"[{self._left_out} earlier {noun} left out: the conversation was too long]"
            pinned = self._pinned > 1
            at = self._pinned - pinned
            texts = (shown[at].text, note) if pinned else (note, shown[at].text)
            shown[at] = Message("user", "\n\n".join(texts))
        return tuple(shown)

    def _cut(self, message: Message) -> Message:
        if self._limit is None:
            return message
        return Message(message.role, cut_pieces(message.text, self._limit))

    @property
    def chars(self) -> int:
        """Its length in characters."""
        return sum(len(message.text) for message in self.messages)

    @property
    def exchanges(self) -> int:
        """Pairs of messages after the pinned ones."""
        return (len(self._messages) - self._pinned) // 2

    def shorten(self, target: int) -> bool:
        """Makes it shorter: leaves out the oldest exchanges, then cuts the longest sections.

        The system message, the first prompt and the latest exchange are never left out.

        Args:
            target: How long it should be at most, in characters.

        Returns:
            Whether it has become shorter; the target may still not be reached.
        """
        before = self.chars
        while self.chars > target and len(self._messages) - self._pinned > 2:
            del self._messages[self._pinned : self._pinned + 2]
            self._left_out += 1
        if self.chars > target:
            system, *others = self._messages
            limit = piece_limit([message.text for message in others], target - len(system.text))
            self._limit = limit if self._limit is None else min(limit, self._limit)
        return self.chars < before
