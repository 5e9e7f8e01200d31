"""Repeated random tokens."""

from __future__ import annotations

import itertools

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from training.mini.repetition import repetitions
from training.mini.talk_tokens import ANSWER


@given(st.integers(2, 700), st.integers(1, 5_000), st.integers(0, 9))
def test_all_that_is_learnt_stood_before_at_the_same_distance(vocabulary, size, seed):
    rng = np.random.default_rng(seed)
    for batch in itertools.islice(repetitions(vocabulary, size, rng), 3):
        lengths = {len(it.tokens) for it in batch}
        assert len(lengths) == 1
        assert sum(len(it.tokens) for it in batch) <= size or len(batch) == 1
        for it in batch:
            half = len(it.tokens) // 2
            assert (it.tokens[:half] == it.tokens[half:]).all()
            assert it.tokens.max() < vocabulary
            assert (it.learnt == ANSWER).sum() == half - 1
            assert not it.learnt[: half + 1].any()


def test_the_same_generator_gives_the_same_batches():
    first, again = (
        list(itertools.islice(repetitions(50, 200, np.random.default_rng(3)), 4)) for _ in range(2)
    )
    for one, other in zip(first, again, strict=True):
        assert [it.tokens.tolist() for it in one] == [it.tokens.tolist() for it in other]
