"""How long one piece of work of a model may be, such as a review."""

from __future__ import annotations

from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True)
class Settings:
    """The limits of one piece of work, all whole numbers from 1.

    Attributes:
        calls: How often the model is asked.
        last_calls: From how many calls before the last on it is told to finish.
        context_tokens: A conversation that takes more has its old results shortened.
        reminders: How often an answer without a call of a tool is put up with.
        tools_at_once: Calls of tools in one answer.
    """

    calls: int = 60
    last_calls: int = 5
    context_tokens: int = 150_000
    reminders: int = 3
    tools_at_once: int = 16

    def __post_init__(self) -> None:
        for name in (field.name for field in fields(self)):
            value = getattr(self, name)
            if type(value) is not int or value < 1:
                raise ValueError(f"{name} is a whole number from 1, not {value!r}")
