"""What servers say when a conversation is too long, word for word."""

import pytest

from agents.backends.http.overflow import overflow


@pytest.mark.parametrize(
    ("said", "tokens", "limit"),
    [
        ("prompt is too long: 210000 tokens > 200000 maximum", 210_000, 200_000),
        (
            "input length and `max_tokens` exceed context limit: 198000 + 20000 > 200000, decrease "
            "input length or `max_tokens` and try again",
            218_000,
            200_000,
        ),
        (
            "This model's maximum context length is 8192 tokens. However, you requested 9000 "
            "tokens (8000 in the messages, 1000 in the completion). Please reduce the length.",
            9000,
            8192,
        ),
        (
            "This model's maximum context length is 16384 tokens. However, you requested 8192 "
            "output tokens and your prompt contains at least 8193 input tokens, for a total of at "
            "least 16385 tokens. Please reduce the length of the input prompt",
            16_385,
            16_384,
        ),
        (
            "'max_tokens' or 'max_completion_tokens' is too large: 20000. This model's maximum "
            "context length is 32768 tokens and your request has 15000 input tokens "
            "(20000 > 32768 - 15000).",
            35_000,
            32_768,
        ),
        (
            "This model's maximum context length is 8192 tokens. However, your messages resulted "
            "in 8500 tokens. Please reduce the length of the messages.",
            8500,
            8192,
        ),
        (
            "This model's maximum context length is 4096 tokens. However, your request has 5000 "
            "input tokens. Please reduce the length of the input messages.",
            5000,
            4096,
        ),
        ("This model's maximum context length is 8192 tokens", None, 8192),
        (
            "request (9412 tokens) exceeds the available context size (8192 tokens), try "
            "increasing it",
            9412,
            8192,
        ),
        ("the request exceeds the available context size, try increasing it", None, None),
        ("Request exceeds the maximum size {'type': 'request_too_large'}", None, None),
        ("Your input exceeds the context window of this model. Please adjust.", None, None),
        ("no {'code': 'context_length_exceeded'}", None, None),
    ],
)
def test_the_wordings_of_servers(said: str, tokens: int | None, limit: int | None) -> None:
    error = overflow(said)
    assert error is not None
    assert (error.tokens, error.limit) == (tokens, limit)


@pytest.mark.parametrize(
    "said", ["max_tokens: must be at least 1", "messages: text content blocks must be non-empty"]
)
def test_other_complaints_are_none(said: str) -> None:
    assert overflow(said) is None
