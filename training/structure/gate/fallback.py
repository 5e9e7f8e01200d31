"""How the error of a search is shared out over its confirmations."""

from __future__ import annotations

from collections.abc import Sequence


def fallback_level(history: Sequence[bool], alpha: float, decay: float) -> float:
    """The level of the next test, by the online fallback procedure.

    ``level[k] = alpha * gamma[k] + (level[k - 1] if test k - 1 rejected else 0)`` (Tian & Ramdas
    2021, "Online control of the familywise error rate", section 3; Wiens & Dmitrienko 2005). What
    a kept revision was tested at goes on to the next, so a search that finds something is not the
    poorer for it. If each test, given all that came before, errs at most at its level, all tests
    together err with a probability of at most ``alpha``, however many come, whatever made someone
    test, and without knowing how many will come. The reason: let some hypotheses be true and
    consider the tests up to the first false rejection; a level that is handed on comes from a
    hypothesis that was rejected, hence false, so each share of alpha is spent on one true
    hypothesis at most, and the shares sum to 1.

    The shares are ``gamma[k] = (1 - decay) * decay ** (k - 1)``. In a search of 5 to 30 revisions
    1 to 8 come to a confirmation. With a decay of 0.8 the first has a share of 0.2, the eighth one
    of 0.04, and a fifth of alpha is left for those that a longer search may have. How much power a
    decay gives is in ``benchmarks/RESULTS.md``.

    Args:
        history: Whether each earlier test rejected, oldest first.
        alpha: The error of the whole search.
        decay: How much smaller each share is than the one before; in (0, 1).
    """
    level = 0.0
    rejected = False
    for number, was_rejected in enumerate((*history, False)):
        level = alpha * (1 - decay) * decay**number + (level if rejected else 0.0)
        rejected = was_rejected
    return level
