"""Asks the models of an agent, and keeps the record of it for the decision."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol, TypeVar

from agents.agent import Action, Decision, Event
from agents.model import (
    Call,
    ChatModel,
    Completion,
    ContextTooLongError,
    Message,
    ModelSetupError,
    call_seed,
)

Model = TypeVar("Model", bound=ChatModel)

#: How often a conversation is shortened for one call.
TRIES = 10
#: Goal of shortening, as a share of what fits, where the server says what fits: a token is not
#: everywhere as many characters.
_MARGIN = 0.9
#: The same as a share of the length so far, where it does not.
_BLIND = 0.7


class Shortenable(Protocol):
    """A conversation that can be made shorter where it does not fit."""

    @property
    def messages(self) -> tuple[Message, ...]:
        """The conversation as a call records it."""

    @property
    def chars(self) -> int:
        """Its length in characters."""

    def shorten(self, target: int) -> bool:
        """Makes it shorter; tells whether it has become so."""


def check_models(roles: tuple[str, ...], models: Mapping[str, Model]) -> dict[str, Model]:
    """Checks that an agent has the models that it needs.

    Args:
        roles: What it needs models for.
        models: The models by role.

    Raises:
        ValueError: One is missing, or one is there for something else.
    """
    missing = [role for role in roles if role not in models]
    extra = [role for role in models if role not in roles]
    if missing or extra:
        given = ", ".join(models) or "nothing"
        raise ValueError(f"models are needed for {' and '.join(roles)}, and given for {given}")
    return dict(models)


class Caller:
    """Asks the models of an agent through one episode.

    Args:
        models: The models by role.
        seed: Seed of the agent for this episode.
    """

    def __init__(self, models: Mapping[str, ChatModel], seed: int) -> None:
        self._models = models
        self._seed = seed
        self._turn = 0
        self._calls: list[Call] = []
        self._events: list[Event] = []

    def begin_turn(self) -> None:
        """Forgets the record of the last turn."""
        self._turn += 1
        self._calls, self._events = [], []

    def note(self, name: str, detail: str = "") -> None:
        """Adds an event to the turn's record."""
        self._events.append(Event(name, detail))

    def decision(self, action: Action) -> Decision:
        """The decision of this turn, with its record."""
        return Decision(action, tuple(self._calls), tuple(self._events))

    def ask(self, role: str, routine: str, conversation: Shortenable) -> Completion:
        """Asks a model to continue a conversation, which is shortened where it does not fit.

        Args:
            role: Whose turn it is.
            routine: What for.
            conversation: The conversation; its last message is the user's.

        Raises:
            ModelSetupError: The conversation does not fit, however short it is made.
            ModelError: No answer came.
        """
        return self.converse(role, routine, conversation, self._models[role].generate)

    def converse(
        self,
        role: str,
        routine: str,
        conversation: Shortenable,
        answer: Callable[[tuple[Message, ...], int], Completion],
    ) -> Completion:
        """The same for any way to ask.

        Args:
            role: Whose turn it is.
            routine: What for.
            conversation: The conversation.
            answer: Asks, with the conversation as a call records it and a seed.

        Raises:
            ModelSetupError: The conversation does not fit, however short it is made.
            ModelError: No answer came.
        """
        name = self._models[role].name
        seed = call_seed(self._seed, self._turn, len(self._calls))
        tries = 0
        while True:
            messages = conversation.messages
            try:
                completion = answer(messages, seed)
                break
            except ContextTooLongError as error:
                tries += 1
                self._shorten(conversation, error, tries, f"{routine} of {role}", name)
        self._calls.append(Call(role, routine, name, seed, messages, completion))
        if completion.stop_reason == "length":
            self.note("cut", f"{role}: {len(completion.text):,} characters")
        elif completion.stop_reason == "refusal":
            self.note("refusal", f"{role}: {completion.text[:200]}")
        return completion

    def _shorten(
        self,
        conversation: Shortenable,
        error: ContextTooLongError,
        tries: int,
        where: str,
        name: str,
    ) -> None:
        before = conversation.chars
        ratio = _BLIND
        if error.tokens and error.limit and error.limit < error.tokens:
            ratio = _MARGIN * error.limit / error.tokens
        if tries > TRIES or not conversation.shorten(int(before * ratio)):
            system = len(conversation.messages[0].text)
            raise ModelSetupError(
                f"{where}: {error}, though it was shortened to {conversation.chars:,} characters, "
                f"{system:,} of them the system message, which is never cut. Give {name or 'it'} a "
                "larger context, allow shorter answers (max_tokens), or take shorter prompts"
            ) from error
        self.note("compacted", f"{where}: {before:,} to {conversation.chars:,} characters")
