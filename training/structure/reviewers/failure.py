"""A review that came to no revision."""

from __future__ import annotations


class ReviewFailedError(RuntimeError):
    """The reviewer came to no revision; the message tells why. The search goes on with the next."""
