"""A chat model that costs nothing: it knows its answers beforehand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from agents.model import Completion, Message


class InstantModel:
    """Gives the answers that were put in, in order, whatever it is asked."""

    name = "instant"

    def __init__(self) -> None:
        self._answers: Iterator[Completion] = iter(())

    def answer_with(self, answers: Iterable[Completion]) -> None:
        """Puts answers in, in place of those that were there."""
        self._answers = iter(answers)

    def generate(self, messages: Sequence[Message], seed: int) -> Completion:
        """The next answer."""
        return next(self._answers)

    def close(self) -> None:
        """Nothing to free."""
