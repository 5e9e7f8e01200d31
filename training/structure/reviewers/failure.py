"""A review that ended without a revision."""

from __future__ import annotations


class ReviewFailed(RuntimeError):
    """The reviewer gave no revision, and would give none if it were asked once more.

    That is the reviewer's doing, and an attempt with the verdict ``failed``; what is no fault of
    its own, such as a server that does not answer, raises :class:`agents.model.ModelError`.
    """
