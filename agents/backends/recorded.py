"""Recorded models: they answer what was answered when an episode was recorded.

The prompts must be the recorded ones, to the letter. So a replay shows that agent, scaffold and
environment are what they were, and an interrupted episode goes on without paying for a call twice.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile, zip_longest
from typing import Any

from agents.model import (
    Call,
    ChatModel,
    Completion,
    ContextTooLongError,
    Message,
    ModelSetupError,
    ToolCompletion,
    ToolModel,
)
from agents.model.tool_model import recorded_messages

#: Characters of a line that a message shows.
_SHOWN = 100


@dataclass(frozen=True, slots=True)
class Overflow:
    """A call that had no answer, because the conversation did not fit.

    Attributes:
        role: Who was asked.
        seed: The seed that was passed.
        messages: The conversation.
        tokens: As in :class:`agents.model.ContextTooLongError`.
        limit: Likewise.
    """

    role: str
    seed: int
    messages: tuple[Message, ...]
    tokens: int | None = None
    limit: int | None = None


Asked = Call | Overflow


class Recording:
    """What the models of an episode were asked, in order; each call is given once.

    Args:
        asked: The calls with their turns, in order; they are taken as they are needed.
    """

    def __init__(self, asked: Iterable[tuple[int, Asked]]) -> None:
        self._rest: Iterator[tuple[int, Asked]] = iter(asked)
        self._waiting: dict[str, deque[tuple[int, Asked]]] = {}
        self._lock = threading.Lock()
        self._ended = False
        self._turn = 0

    @property
    def turn(self) -> int:
        """The last turn that was given."""
        return self._turn

    def model(self, role: str) -> str:
        """Name of the model that a role was asked of; empty where it never answered."""
        with self._lock:
            mine = self._waiting.setdefault(role, deque())
            while True:
                found = next((call for _, call in mine if isinstance(call, Call)), None)
                if found is not None or not self._read():
                    return "" if found is None else found.model

    def take(self, role: str) -> tuple[int, Asked] | None:
        """The next call of a role, with its turn; None after the last one, or after :meth:`end`."""
        with self._lock:
            mine = self._waiting.setdefault(role, deque())
            while not mine:
                if self._ended or not self._read():
                    return None
            turn, asked = mine.popleft()
            self._turn = max(self._turn, turn)
            return turn, asked

    def end(self) -> None:
        """Gives nothing any more."""
        with self._lock:
            self._ended = True
            self._rest = iter(())
            self._waiting.clear()

    def _read(self) -> bool:
        """Takes the next call from the recording; False where there is none."""
        entry = next(self._rest, None)
        if entry is not None:
            self._waiting.setdefault(entry[1].role, deque()).append(entry)
        return entry is not None


class RecordedModel:
    """Answers one role from a recording.

    Args:
        role: The role.
        recording: What was recorded, shared by the roles of one episode.
        live: Who answers after the recording's end, and from the first prompt on that is not the
            recorded one; None makes both an error.
    """

    def __init__(self, role: str, recording: Recording, live: ChatModel | None = None) -> None:
        self._role = role
        self._recording = recording
        self._live = live
        self.name = live.name if live is not None else recording.model(role)

    def generate(self, messages: Sequence[Message], seed: int) -> Completion:
        """Answers as was recorded; see :class:`agents.model.ChatModel`.

        Raises:
            ModelSetupError: This was not asked when the episode was recorded.
            ContextTooLongError: The conversation did not fit then.
        """
        recorded = self._answer(tuple(messages), seed)
        if recorded is not None:
            return recorded
        assert self._live is not None
        return self._live.generate(messages, seed)

    def close(self) -> None:
        """Closes the one that answers after the recording, if any."""
        if self._live is not None:
            self._live.close()

    def _answer(self, messages: tuple[Message, ...], seed: int) -> Completion | None:
        """The recorded answer; None where the live model is to be asked."""
        found = self._recording.take(self._role)
        problem = _problem(self._role, found, messages, seed, self._recording.turn)
        if problem:
            if self._live is None:
                raise ModelSetupError(f"the recording does not fit: {problem}")
            # What was recorded after a difference answers questions that were never asked.
            self._recording.end()
            return None
        assert found is not None
        _, asked = found
        if isinstance(asked, Overflow):
            raise ContextTooLongError(asked.tokens, asked.limit)
        return asked.completion


class RecordedToolModel(RecordedModel):
    """The same for a model that can also call tools."""

    def call(
        self,
        system: str,
        messages: Sequence[Mapping[str, Any]],
        tools: Sequence[Mapping[str, Any]],
        seed: int,
        force: str = "",
    ) -> ToolCompletion:
        """Answers as was recorded; see :class:`agents.model.ToolModel`.

        Raises:
            ModelSetupError: This was not asked when the episode was recorded.
            ContextTooLongError: The conversation did not fit then.
        """
        recorded = self._answer(recorded_messages(system, messages), seed)
        if recorded is not None:
            return ToolCompletion.from_completion(recorded)
        live: object = self._live
        assert isinstance(live, ToolModel)
        return live.call(system, messages, tools, seed, force)


def open_recorded(
    asked: Iterable[tuple[int, Asked]], roles: Iterable[str]
) -> dict[str, RecordedToolModel]:
    """Opens the models of a recorded episode.

    Args:
        asked: What they were asked, with the turn of each call, in order.
        roles: The roles to open.
    """
    recording = Recording(asked)
    return {role: RecordedToolModel(role, recording) for role in roles}


def continued(
    asked: Iterable[tuple[int, Asked]], models: Mapping[str, ChatModel]
) -> dict[str, RecordedModel]:
    """Puts the recording of an interrupted episode before the models that go on with it.

    Args:
        asked: What they were asked so far, with the turn of each call, in order.
        models: The models by role; closing what is returned closes them.
    """
    wanted = (entry for entry in asked if entry[1].role in models)
    recording = Recording(wanted)
    return {
        role: (RecordedToolModel if isinstance(model, ToolModel) else RecordedModel)(
            role, recording, model
        )
        for role, model in models.items()
    }


def _problem(
    role: str,
    found: tuple[int, Asked] | None,
    messages: tuple[Message, ...],
    seed: int,
    turn: int,
) -> str:
    """Why a call is not the recorded one; empty where it is."""
    if found is None:
        return f"it ends after turn {turn}, and {role} is asked once more"
    recorded_turn, asked = found
    where = f"turn {recorded_turn}, {role}"
    if messages != asked.messages:
        return f"{where}: {_difference(asked.messages, messages)}"
    if seed != asked.seed:
        return f"{where}: the seed of the call was {asked.seed} and is {seed}"
    return ""


def _difference(then: Sequence[Message], now: Sequence[Message]) -> str:
    """The first line in which two conversations differ."""
    for number, (old, new) in enumerate(zip(then, now, strict=False), 1):
        if old.role != new.role:
            return f"message {number} was the {old.role}'s and is the {new.role}'s"
        lines = zip_longest(old.text.split("\n"), new.text.split("\n"))
        for line, (was, reads) in enumerate(lines, 1):
            if was != reads:
                place = f"message {number} ({new.role}), line {line}"
                at = _first_difference(was or "", reads or "")
                return f"{place} was {_quoted(was, at)} and is {_quoted(reads, at)}"
    return f"the conversation had {len(then)} messages and has {len(now)}"


def _first_difference(old: str, new: str) -> int:
    """The first place in which two lines differ."""
    pairs = zip(old, new, strict=False)
    same = takewhile(lambda pair: pair[0] == pair[1], pairs)
    return sum(1 for _ in same)


def _quoted(line: str | None, at: int) -> str:
    """A line, or of a long one what stands around a place."""
    if line is None:
        return "not there"
    start = max(0, min(at - _SHOWN // 2, len(line) - _SHOWN))
    shown = line[start : start + _SHOWN]
    return f"{'...' if start else ''}{shown!r}{'...' if start + _SHOWN < len(line) else ''}"
