"""A local model as an agent sees it."""

from __future__ import annotations

import time
from collections.abc import Sequence

import numpy as np

from agents.backends.local.adapters import Adapter
from agents.backends.local.chat_format import ChatFormat
from agents.backends.local.engine import Engine
from agents.backends.local.force import Force
from agents.backends.local.sequence import Sequence as Tokens
from agents.backends.local.statistics import Statistics
from agents.model import Completion, ContextTooLongError, Message, Sampling, Usage


class LocalModel:
    """A base, with or without an adapter, on an engine that others may use too.

    Args:
        name: What it is called in traces and tables.
        engine: Where it is computed.
        chat: How conversations become tokens.
        sampling: How answers are sampled.
        context: Most tokens of a conversation and its answer.
        adapter: Its adapter, and the adapter's number on the engine; None for the base.
        force: For measuring: writes the answers; see :mod:`agents.backends.local.force`.
    """

    def __init__(
        self,
        name: str,
        engine: Engine,
        chat: ChatFormat,
        sampling: Sampling,
        context: int,
        adapter: tuple[Adapter, int] | None = None,
        force: Force | None = None,
    ) -> None:
        self._name = name
        self._engine = engine
        self._chat = chat
        self._sampling = sampling
        self._context = context
        self._adapter = adapter[0] if adapter else None
        self._number = adapter[1] if adapter else 0
        self._force = force
        self._closed = False
        engine.hold()

    @property
    def name(self) -> str:
        """What it is called in traces and tables."""
        return self._name

    @property
    def context(self) -> int:
        """Most tokens of a conversation and its answer."""
        return self._context

    def generate(self, messages: Sequence[Message], seed: int) -> Completion:
        """Continues a conversation; see :class:`agents.model.ChatModel`."""
        begin = time.perf_counter()
        sequence = self._engine.answer(self._sequence(messages, seed))
        answer = sequence.answer
        return Completion(
            text=self._chat.text(answer),
            usage=Usage(
                input_tokens=sequence.prompt,
                cached_tokens=sequence.reused,
                output_tokens=len(answer),
            ),
            stop_reason=sequence.stopped,
            latency=time.perf_counter() - begin,
            token_ids=tuple(answer),
            logprobs=tuple(sequence.logprobs),
        )

    def statistics(self) -> Statistics:
        """What the engine has done so far, for all models on it."""
        return self._engine.statistics()

    def close(self) -> None:
        """Lets go of the engine; the last model on it frees the weights. May be called twice."""
        if not self._closed:
            self._closed = True
            self._engine.let_go()

    def _sequence(self, messages: Sequence[Message], seed: int) -> Tokens:
        prompt = self._chat.prompt(messages)
        tokens = len(prompt.tokens) + self._sampling.max_tokens
        if tokens > self._context:
            raise ContextTooLongError(tokens, self._context)
        forced = None
        if self._force is not None:
            forced = self._chat.answer(self._force(messages, seed)) + self._chat.end
        return Tokens(
            tokens=prompt.tokens,
            prompt=len(prompt.tokens),
            static=prompt.static,
            sampling=self._sampling,
            random=np.random.default_rng(seed),
            stops=self._chat.stops,
            adapter=self._adapter,
            number=self._number,
            forced=forced,
            ends=self._chat.ends,
        )
