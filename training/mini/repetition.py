"""Repeated random tokens: what a small model learns first, so that it can copy.

A memory is of use to those alone who can copy what it answered. The heads that do so (induction
heads, Olsson et al. 2022, arXiv 2209.11895) emerge late in conversations, where most of an answer
can be guessed without them; in text that is random but repeated nothing else helps, and they emerge
early.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from training.mini.talk_tokens import ANSWER, TalkTokens

#: Lengths of what is repeated, in tokens; from the first, up to and without the second.
_LENGTHS = (8, 48)


def repetitions(
    vocabulary: int, batch_tokens: int, rng: np.random.Generator
) -> Iterator[list[TalkTokens]]:
    """Batches of random tokens that come twice, of which the second time is learnt; without end.

    Args:
        vocabulary: How many tokens there are.
        batch_tokens: Tokens of a batch, at most; but one sequence at least.
        rng: Draws the tokens, and one length for all sequences of a batch.
    """
    while True:
        length = int(rng.integers(*_LENGTHS))
        count = max(1, batch_tokens // (2 * length))
        once = rng.integers(vocabulary, size=(count, length), dtype=np.int32)
        # The first token of the second time cannot be known.
        learnt = np.where(np.arange(2 * length) > length, ANSWER, 0).astype(np.uint8)
        yield [TalkTokens(np.tile(row, 2), learnt) for row in once]
