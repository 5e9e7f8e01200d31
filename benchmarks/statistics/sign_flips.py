"""Whether a mean difference may be chance: the sign-flip permutation test."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from benchmarks.statistics.resamples import Floats

#: Differences up to which all signs are tried; 2 ** 20 sums are 8 MB.
EXACT = 20
#: Signs that are drawn where there are more.
_DRAWN = 100_000
_BLOCK = 1_000
#: Sums that differ by rounding alone are the same.
_ROUNDING = 1e-9


def sign_flip_p(differences: Sequence[float]) -> float | None:
    """The two-sided p-value of a sum of differences, if each might as well have the other sign.

    It is the share of all assignments of signs whose sum is at least as far from zero as the one
    that was seen (Fisher 1935, section 21). Nothing is assumed about how the differences are
    distributed, but that under the null hypothesis each is as likely as its opposite. Up to
    :data:`EXACT` differences that are not zero it is exact; above, 100,000 assignments are drawn,
    with a fixed seed, and the one that was seen counts as one more (Phipson & Smyth 2010), so that
    p is never 0.

    Args:
        differences: The differences, each times its weight in the sum.

    Returns:
        The p-value, in (0, 1]; None where there are no differences. With ``n`` differences it is
        at least ``2 ** (1 - n)``: five seeds cannot give less than 0.0625.
    """
    if not len(differences):
        return None
    data = np.asarray(differences, np.float64)
    # Whatever its sign, a zero adds nothing.
    data = data[data != 0]
    reach = abs(float(data.sum())) - _ROUNDING * float(np.abs(data).sum())
    if data.size <= EXACT:
        sums: Floats = np.zeros(1)
        for difference in data:
            sums = np.concatenate((sums + difference, sums - difference))
        return float(np.mean(np.abs(sums) >= reach))
    return _drawn(data, reach)


def _drawn(data: Floats, reach: float) -> float:
    rng = np.random.default_rng(0)
    far = 0
    for _ in range(_DRAWN // _BLOCK):
        signs = rng.integers(2, size=(_BLOCK, data.size)) * 2 - 1
        far += int(np.count_nonzero(np.abs(signs @ data) >= reach))
    return (far + 1) / (_DRAWN + 1)
