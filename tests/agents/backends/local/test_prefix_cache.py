"""The tree of beginnings, against a plain list of all that was ever kept."""

import numpy as np
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.backends.local.prefix_cache import PrefixCache

#: Few codes, so that sequences often begin alike.
CODES = st.lists(st.integers(0, 2), min_size=1, max_size=12)


def as_codes(numbers: list[int]) -> np.ndarray:
    return np.array(numbers, np.int64)


def keyvalues(numbers: list[int], start: int, stop: int) -> list:
    """Keys and values from which their own beginning can be told: running sums of the codes."""
    sums = np.cumsum([number + 1 for number in numbers])[start:stop]
    tensor = torch.tensor(sums, dtype=torch.float32)[None, :, None].repeat(2, 1, 4)
    return [(tensor, -tensor), (tensor + 0.5, tensor - 0.5)]


def keep(cache: PrefixCache, numbers: list[int], static: bool = False) -> None:
    cache.keep(as_codes(numbers), lambda a, b: keyvalues(numbers, a, b), static)


def found(cache: PrefixCache, numbers: list[int]) -> int:
    """How much is found; and that it is what was kept."""
    done = 0
    for parts, count in cache.find(as_codes(numbers)):
        wanted = keyvalues(numbers, done, done + count)
        for (key, value), (own_key, own_value) in zip(parts, wanted, strict=True):
            assert torch.equal(key[:, :count], own_key)
            assert torch.equal(value[:, :count], own_value)
        done += count
    return done


def alike(first: list[int], second: list[int]) -> int:
    count = 0
    while count < min(len(first), len(second)) and first[count] == second[count]:
        count += 1
    return count


@given(st.lists(CODES, max_size=8), CODES)
def test_the_longest_common_beginning_is_found(kept: list[list[int]], wanted: list[int]) -> None:
    cache = PrefixCache(1_000_000)
    for numbers in kept:
        keep(cache, numbers)
        assert found(cache, numbers) == len(numbers)
    assert found(cache, wanted) == max((alike(numbers, wanted) for numbers in kept), default=0)


@given(st.lists(CODES, max_size=8))
def test_what_begins_alike_is_stored_once(kept: list[list[int]]) -> None:
    cache = PrefixCache(1_000_000)
    for numbers in kept:
        keep(cache, numbers)
    beginnings = {tuple(n[: end + 1]) for n in kept for end in range(len(n))}
    one = sum(k.nbytes + v.nbytes for k, v in keyvalues([0], 0, 1))
    assert cache.bytes == len(beginnings) * one


@settings(max_examples=50)
@given(st.lists(st.tuples(CODES, st.booleans()), max_size=20), st.integers(0, 3_000))
def test_the_limit_holds_and_what_is_found_is_right(kept, limit: int) -> None:
    cache = PrefixCache(limit)
    for numbers, static in kept:
        keep(cache, numbers, static)
        assert cache.bytes <= limit
        found(cache, numbers)


def test_the_longest_unused_goes_first_and_the_static_last() -> None:
    one = sum(k.nbytes + v.nbytes for k, v in keyvalues([0], 0, 1))
    cache = PrefixCache(10 * one)
    keep(cache, [0, 0, 0, 0], static=True)
    keep(cache, [0, 0, 0, 0, 1, 1])
    keep(cache, [0, 0, 0, 0, 2, 2])
    assert found(cache, [0, 0, 0, 0, 1, 1]) == 6
    keep(cache, [1, 1, 1, 1])
    assert found(cache, [0, 0, 0, 0, 1, 1]) == 6
    assert found(cache, [0, 0, 0, 0, 2, 2]) == 4
    for number in range(20):
        keep(cache, [2, number, number, number, number, number])
        assert found(cache, [0, 0, 0, 0]) == 4
    cache.clear()
    assert cache.bytes == 0
    assert found(cache, [0, 0, 0, 0]) == 0
