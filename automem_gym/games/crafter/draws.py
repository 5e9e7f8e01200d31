"""The random numbers of one world: those of ``numpy.random.RandomState``, drawn more cheaply."""

from __future__ import annotations

import ctypes
import functools
from collections.abc import Callable

import numpy as np

_STATE_WORDS = 624  # of MT19937, which makes so many 32-bit words at a time
_MT19937State = ctypes.c_uint32 * (_STATE_WORDS + 1)  # numpy's struct: the words, then the position


class Draws:
    """Stands in for the ``RandomState`` that crafter's objects draw from, number for number.

    Args:
        seed: The seed of the ``RandomState``, in [0, 2**32).
    """

    def __init__(self, seed: int) -> None:
        self._bits = np.random.MT19937(0)
        state = np.random.RandomState(self._bits)
        state.seed(seed)
        # uniform() without bounds is random_sample() at a sixth of its price.
        self.uniform: Callable[[], float] = state.random_sample
        self._word: Callable[..., int] = self._bits.random_raw

    def randint(self, low: int, high: int) -> int:
        """Draws an integer from [low, high), by masks and rejection as ``RandomState`` does.

        Args:
            low: The least value.
            high: One more than the greatest value; at most 2**32 above ``low``.
        """
        span = high - low - 1
        if span == 0:
            return low  # RandomState draws nothing then
        mask = (1 << span.bit_length()) - 1
        value = self._word() & mask
        while value > span:
            value = self._word() & mask
        return low + value

    def skip(self, words: int) -> None:
        """Moves on by so many 32-bit words (a ``uniform`` takes two) without making them.

        MT19937 has no cheap jump of this size. What can be saved is the tempering of each word,
        which is half of the cost: the state is renewed as often as the words would have done it.
        """
        if not _state_can_be_moved():
            self._word(words, False)
            return
        state = _MT19937State.from_address(self._bits.ctypes.state_address)
        renewals, last = divmod(state[_STATE_WORDS] + words - 1, _STATE_WORDS)
        for _ in range(renewals):
            state[_STATE_WORDS] = _STATE_WORDS  # used up, so that one draw renews it
            self._word(None, False)
        state[_STATE_WORDS] = last + 1


@functools.cache
def _state_can_be_moved() -> bool:
    """Whether this numpy lays MT19937's state out as all versions since 1.17 have done."""
    bits = np.random.MT19937(1)
    bits.random_raw(5, False)
    known = bits.state["state"]
    words = _MT19937State.from_address(bits.ctypes.state_address)
    return list(words) == [*known["key"].tolist(), known["pos"]]
