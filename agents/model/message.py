"""One message of a conversation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Role = Literal["system", "user", "assistant"]


@dataclass(frozen=True, slots=True)
class Message:
    """A message.

    A conversation is a sequence of them: at most one of ``system``, which stands first and is the
    same in every conversation of a routine, so that a backend can keep what it made of it; then
    ``user`` and ``assistant`` in turns, ``user`` first and last.

    Attributes:
        role: Whose words these are.
        text: The words.
    """

    role: Role
    text: str
