"""One conversation that is being answered."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from agents.backends.local.adapters import Adapter
from agents.backends.local.prefix_cache import Beginning
from agents.backends.local.prefix_tree import Codes
from agents.backends.local.sampler import Choice, Wish
from agents.model import ModelError, Sampling

#: Codes of tokens under the n-th adapter begin at n times this; see ``prefix_tree``.
_ADAPTER_CODES = 1 << 32
#: So many tokens at the end of an answer are looked at for what ends it.
_TAIL = 32


@dataclass(eq=False)
class Sequence:
    """A conversation's tokens, its answer so far, and who waits for it.

    Attributes:
        tokens: Prompt, and answer so far.
        prompt: How many of them are the prompt.
        static: How many of the first ones many conversations begin with.
        sampling: How the answer is sampled.
        random: The sequence's own random numbers.
        stops: Tokens that end the answer.
        adapter: The adapter that answers; None for the base.
        number: Number of the adapter, from 1; 0 for the base.
        forced: Tokens that are taken in place of those that are drawn; None for none.
        ends: Says of the last tokens of the answer whether they end it, where no single token
            does; None where one does.
        beginning: The static beginning that its row looks at; None where the row has all.
        done: How many tokens the model has read, so that their keys and values are there.
        reused: How many of them had been read before.
        logprobs: Of each token of the answer.
        stopped: Why the answer is over; empty while it is not.
        cancelled: Whether nobody waits for it any more.
        future: Becomes this sequence when it is over, or the error that ended it.
    """

    tokens: list[int]
    prompt: int
    static: int
    sampling: Sampling
    random: np.random.Generator
    stops: frozenset[int]
    adapter: Adapter | None = None
    number: int = 0
    forced: list[int] | None = None
    ends: Callable[[list[int]], bool] | None = None
    beginning: Beginning | None = None
    done: int = 0
    reused: int = 0
    logprobs: list[float] = field(default_factory=list)
    stopped: str = ""
    cancelled: bool = False
    future: Future[Any] = field(default_factory=Future)

    def __post_init__(self) -> None:
        self.begins = self.adapter.begins(self.tokens) if self.adapter else 0
        # Something is always left to read: its scores choose the first token of the answer.
        self.static = min(self.static, self.prompt - 1)

    @property
    def before(self) -> int:
        """How many tokens stand in the shared beginning and not in its row."""
        return len(self.beginning) if self.beginning else 0

    @property
    def left(self) -> int:
        """How many tokens of the prompt are still to be read."""
        return self.prompt - self.done

    @property
    def longest(self) -> int:
        """How many tokens its row may have in the end."""
        return self.prompt + self.sampling.max_tokens - self.before

    @property
    def answer(self) -> list[int]:
        """The tokens of the answer so far."""
        return self.tokens[self.prompt :]

    def codes(self, start: int, stop: int) -> Codes:
        """Some tokens with the adapter that each is read under; see ``prefix_tree``."""
        codes = np.array(self.tokens[start:stop], np.int64)
        codes[max(0, self.begins - start) :] += self.number * _ADAPTER_CODES
        return codes

    def wish(self) -> Wish:
        """How the next token is chosen."""
        place = len(self.tokens) - self.prompt
        forced = self.forced[place] if self.forced is not None else None
        # Drawn even where it decides nothing, so that the same seed goes on alike.
        return Wish(self.sampling, float(self.random.random()), forced)

    def take(self, choice: Choice) -> None:
        """Appends a token to the answer, and sees whether that ends it."""
        self.tokens.append(choice.token)
        self.logprobs.append(choice.logprob)
        count = len(self.tokens) - self.prompt
        if self.forced is not None:
            over = count == len(self.forced)
        else:
            over = choice.token in self.stops or (
                self.ends is not None and self.ends(self.tokens[self.prompt :][-_TAIL:])
            )
        if over:
            self.stopped = "end"
        elif count == self.sampling.max_tokens:
            self.stopped = "length"

    def fail(self, reason: str, cause: BaseException | None = None) -> None:
        """Tells who waits that no answer will come."""
        error = ModelError(reason)
        error.__cause__ = cause
        if not self.future.done():
            self.future.set_exception(error)
