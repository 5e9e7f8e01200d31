"""The scripted chat model."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence

from agents.backends.scripted.knobs import Knobs
from agents.backends.scripted.reply import reply
from agents.model import Completion, Message, Usage

_WORD = re.compile(r"\S+")


class ScriptedModel:
    """Rules that answer rendered prompts in the protocol.

    It sees the conversation and nothing else, and keeps nothing between calls: its answer is a pure
    function of messages, seed and knobs. It has no tokenizer, so its usage counts words (runs of
    characters without white space) as tokens.

    Args:
        knobs: Its habits.
        max_tokens: Longest answer, in words; a longer one is cut.
    """

    def __init__(self, knobs: Knobs | None = None, max_tokens: int = 1024) -> None:
        self.knobs = knobs or Knobs()
        self.max_tokens = max_tokens

    @property
    def name(self) -> str:
        """``scripted``, with the knobs that are set."""
        return f"scripted:{self.knobs}".removesuffix(":")

    def generate(self, messages: Sequence[Message], seed: int) -> Completion:
        """Answers a conversation."""
        start = time.perf_counter()
        text, stop = reply(messages, self.knobs, seed), "end"
        words = len(text.split())
        if words > self.max_tokens:
            text, words, stop = _first_words(text, self.max_tokens), self.max_tokens, "length"
        usage = Usage(
            input_tokens=sum(len(message.text.split()) for message in messages),
            output_tokens=words,
        )
        return Completion(text, usage, stop, time.perf_counter() - start)

    def close(self) -> None:
        """Nothing to free."""


def _first_words(text: str, count: int) -> str:
    end = 0
    for number, word in enumerate(_WORD.finditer(text), 1):
        end = word.end()
        if number == count:
            break
    return text[:end]
