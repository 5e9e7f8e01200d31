"""What a model answered, and what that took."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of one call, or of many.

    Attributes:
        input_tokens: Tokens of the prompt, those that were cached included.
        cached_tokens: Those of them that were read from a cache of the prompt's beginning.
        written_tokens: Those of them that were written into such a cache at a price of their own.
        output_tokens: Tokens of the answer, thoughts and the mark of its end included, where the
            backend counts them.
    """

    input_tokens: int = 0
    cached_tokens: int = 0
    written_tokens: int = 0
    output_tokens: int = 0

    def __add__(self, other: Usage) -> Usage:
        return Usage(
            self.input_tokens + other.input_tokens,
            self.cached_tokens + other.cached_tokens,
            self.written_tokens + other.written_tokens,
            self.output_tokens + other.output_tokens,
        )

    @property
    def tokens(self) -> int:
        """Input and output together."""
        return self.input_tokens + self.output_tokens


@dataclass(frozen=True, slots=True)
class Completion:
    """A model's answer.

    Attributes:
        text: The words, as they came; may be empty.
        usage: What it took.
        stop_reason: ``end`` (the model had finished), ``length`` (it was cut at ``max_tokens``) or
            ``refusal`` (the model declined to answer, which is an answer).
        latency: Seconds from asking to the whole answer, retries and waiting included.
        token_ids: The tokens of the answer, where the backend has them.
        logprobs: Their log-probabilities at temperature 1 and without ``top_p``, whatever the
            sampling was; as many as ``token_ids``, where the backend has them.
    """

    text: str
    usage: Usage = field(default_factory=Usage)
    stop_reason: str = "end"
    latency: float = 0.0
    token_ids: tuple[int, ...] | None = None
    logprobs: tuple[float, ...] | None = None
