"""A conversation in tokens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from agents.model import Message

if TYPE_CHECKING:
    from agents.backends.local.chat_format import ChatFormat


@dataclass(frozen=True, slots=True)
class TalkTokens:
    """A conversation in tokens.

    Attributes:
        tokens: The tokens.
        learnt: Whether each is learnt: those of answers, and what ends them.
    """

    tokens: np.ndarray[Any, np.dtype[np.int32]]
    learnt: np.ndarray[Any, np.dtype[np.bool_]]


def tokenised(form: ChatFormat, talk: Sequence[Message]) -> TalkTokens:
    """A conversation in tokens, each answer as it would be generated."""
    tokens: list[int] = []
    learnt: list[bool] = []
    for at, message in enumerate(talk):
        if message.role != "assistant":
            continue
        prompt = form.prompt(talk[:at]).tokens
        answer = [*form.answer(message.text), *form.end]
        if prompt[: len(tokens)] != tokens:
            # The template writes earlier answers otherwise than they were generated.
            tokens, learnt = [], []
        learnt += [False] * (len(prompt) - len(tokens)) + [True] * len(answer)
        tokens = [*prompt, *answer]
    return TalkTokens(np.array(tokens, np.int32), np.array(learnt, np.bool_))
