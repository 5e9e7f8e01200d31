"""Text as a server takes it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def sendable(text: str) -> str:
    """The text with a question mark for each lone surrogate, which models do write.

    UTF-8 cannot hold one, so a request with one could not be sent.
    """
    return text.encode("utf-8", "replace").decode("utf-8")


def sendable_data(value: Any) -> Any:
    """Plain data with each text in it made sendable."""
    if isinstance(value, str):
        return sendable(value)
    if isinstance(value, Mapping):
        return {sendable(str(name)): sendable_data(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [sendable_data(inner) for inner in value]
    return value
