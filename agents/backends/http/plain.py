"""Answers of the SDKs as plain data."""

from __future__ import annotations

from typing import Any, Protocol

from agents.backends.http.trouble import MalformedAnswerError


class Answered(Protocol):
    """A model of an SDK; both SDKs have their own."""

    def to_dict(self, *, mode: Any, warnings: bool) -> dict[str, object]:
        """Its fields as plain data."""


def plain(answer: Answered) -> dict[str, Any]:
    """The fields of an answer, whatever the server has put into them.

    Raises:
        MalformedAnswerError: They are nested deeper than can be written.
    """
    try:
        return answer.to_dict(mode="json", warnings=False)
    except ValueError as error:
        raise MalformedAnswerError(f"it cannot be read: {error}") from error
