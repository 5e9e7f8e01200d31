"""What the models of an episode are asked, written down where it happens.

So the trace holds every call, also one that an agent does not tell of, and those that had no answer
because the conversation did not fit: a replay needs them.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from agents.backends.recorded import Asked, Overflow
from agents.model import (
    Call,
    ChatModel,
    Completion,
    ContextTooLongError,
    Message,
    ToolCompletion,
    ToolModel,
)
from agents.model.tool_model import recorded_messages


class Transcript:
    """The calls of one episode, a turn at a time.

    Attributes:
        heard: Is told of each call as soon as it is answered; what it has cost stays known, however
            the turn ends.
    """

    def __init__(self) -> None:
        self.heard: Callable[[Asked], None] | None = None
        self._lock = threading.Lock()
        self._asked: list[Asked] = []

    def add(self, asked: Asked) -> None:
        """Adds a call."""
        with self._lock:
            self._asked.append(asked)
            if self.heard is not None:
                self.heard(asked)

    def take(self, told: Sequence[Call]) -> tuple[Asked, ...]:
        """The calls since the last time, in order.

        Args:
            told: The agent's own record of them, which says what each was for; calls of models that
                the agent brought itself stand in it alone, and come last.
        """
        with self._lock:
            asked, self._asked = self._asked, []
        left = list(told)
        found: list[Asked] = []
        for one in asked:
            same = next((call for call in left if _same(call, one)), None)
            if same is not None:
                left.remove(same)
            found.append(same or one)
        return (*found, *left)

    def listen(self, models: Mapping[str, ChatModel]) -> dict[str, ChatModel]:
        """The same models, with every call of them written down here."""
        return {
            role: (_HeardToolModel if isinstance(model, ToolModel) else _HeardModel)(
                self, role, model
            )
            for role, model in models.items()
        }


def _same(told: object, asked: Asked) -> bool:
    """Whether an agent's record is that of a call."""
    return (
        isinstance(told, Call)
        and isinstance(asked, Call)
        and (told.role, told.seed) == (asked.role, asked.seed)
        and told.completion == asked.completion
        and told.messages == asked.messages
    )


class _HeardModel:
    def __init__(self, transcript: Transcript, role: str, model: ChatModel) -> None:
        self._transcript = transcript
        self._role = role
        self._model = model
        self.name = model.name

    def generate(self, messages: Sequence[Message], seed: int) -> Completion:
        try:
            done = self._model.generate(messages, seed)
        except ContextTooLongError as error:
            self._overflow(tuple(messages), seed, error)
            raise
        self._answered(tuple(messages), seed, done)
        return done

    def close(self) -> None:
        self._model.close()

    def _answered(self, messages: tuple[Message, ...], seed: int, done: Completion) -> None:
        self._transcript.add(Call(self._role, "", self.name, seed, messages, done))

    def _overflow(
        self, messages: tuple[Message, ...], seed: int, error: ContextTooLongError
    ) -> None:
        self._transcript.add(Overflow(self._role, seed, messages, error.tokens, error.limit))


class _HeardToolModel(_HeardModel):
    def call(
        self,
        system: str,
        messages: Sequence[Mapping[str, Any]],
        tools: Sequence[Mapping[str, Any]],
        seed: int,
        force: str = "",
    ) -> ToolCompletion:
        assert isinstance(self._model, ToolModel)
        recorded = recorded_messages(system, messages)
        try:
            done = self._model.call(system, messages, tools, seed, force)
        except ContextTooLongError as error:
            self._overflow(recorded, seed, error)
            raise
        self._answered(recorded, seed, done.to_completion())
        return done
