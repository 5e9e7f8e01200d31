"""Why a search stopped before its end; the same command goes on from there."""

from __future__ import annotations


class SearchStoppedError(RuntimeError):
    """A budget or the fresh seeds are spent, or episodes failed by no fault of the scaffold."""
