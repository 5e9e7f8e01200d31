"""Text as a server takes it."""

from __future__ import annotations


def sendable(text: str) -> str:
    """The text with a question mark for each lone surrogate, which models do write.

    UTF-8 cannot hold one, so a request with one could not be sent.
    """
    return text.encode("utf-8", "replace").decode("utf-8")
