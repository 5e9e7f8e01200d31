"""Why a search stopped before its end; the same command goes on from there."""

from __future__ import annotations


class SearchStoppedError(RuntimeError):
    """A budget is spent, or episodes failed for reasons that are not the scaffold's."""
