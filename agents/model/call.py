"""The record of one model call."""

from __future__ import annotations

from dataclasses import dataclass

from agents.model.completion import Completion
from agents.model.message import Message


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a model by an agent.

    Attributes:
        role: Who was asked: ``specialist``, ``gameplay``, or ``agent`` where one model does all.
        routine: What for, in the agent's words, such as ``log`` or ``plan``.
        model: Name of the model.
        seed: The seed that was passed.
        messages: The conversation.
        completion: The answer.
    """

    role: str
    routine: str
    model: str
    seed: int
    messages: tuple[Message, ...]
    completion: Completion
