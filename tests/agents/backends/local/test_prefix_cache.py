"""What is kept of conversations, against a plain list of all that was ever kept."""

import numpy as np
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.backends.local.prefix_cache import PrefixCache
from agents.backends.local.prefix_tree import KeyValues, Part, alike

#: Few codes, so that sequences often begin alike.
CODES = st.lists(st.integers(0, 2), min_size=1, max_size=12)


def as_codes(numbers: list[int]) -> np.ndarray:
    return np.array(numbers, np.int64)


def keyvalues(numbers: list[int], start: int, stop: int) -> KeyValues:
    """Keys and values from which their own beginning can be told: running sums of the codes."""
    sums = np.cumsum([number + 1 for number in numbers])[start:stop]
    tensor = torch.tensor(sums, dtype=torch.float32)[None, :, None].repeat(2, 1, 4)
    return [(tensor, -tensor), (tensor + 0.5, tensor - 0.5)]


#: Bytes of one code.
ONE = sum(key.nbytes + value.nbytes for key, value in keyvalues([0], 0, 1))


def keep(cache: PrefixCache, static: list[int], rest: list[int]) -> None:
    """Keeps a conversation of a static beginning and what followed."""
    whole = static + rest
    beginning = cache.begin(as_codes(static), lambda a, b: keyvalues(static, a, b))
    if beginning is not None:
        count = len(static)
        cache.keep(beginning, as_codes(rest), lambda a, b: keyvalues(whole, count + a, count + b))


def found(cache: PrefixCache, static: list[int], rest: list[int]) -> int:
    """How much is found; and that it is what was kept."""
    beginning = cache.get(as_codes(static))
    if beginning is None:
        return 0
    parts = [Part(beginning.keyvalues, len(static)), *cache.find(beginning, as_codes(rest))]
    done = 0
    for kept, count in parts:
        wanted = keyvalues(static + rest, done, done + count)
        for (key, value), (own_key, own_value) in zip(kept, wanted, strict=True):
            assert torch.equal(key[:, :count], own_key)
            assert torch.equal(value[:, :count], own_value)
        done += count
    return done


@given(st.lists(CODES, max_size=8), CODES)
def test_the_longest_common_beginning_is_found(kept: list[list[int]], wanted: list[int]) -> None:
    cache = PrefixCache(1_000_000)
    keep(cache, [5], [6])
    for numbers in kept:
        keep(cache, [5], numbers)
        assert found(cache, [5], numbers) == 1 + len(numbers)
    common = (alike(as_codes(numbers), as_codes(wanted)) for numbers in kept)
    assert found(cache, [5], wanted) == 1 + max(common, default=0)
    assert found(cache, [4], wanted) == 0


@given(st.lists(st.tuples(st.sampled_from([[7], [7, 8], [8, 8, 8]]), CODES), max_size=8))
def test_what_begins_alike_is_stored_once(kept) -> None:
    cache = PrefixCache(1_000_000)
    for static, rest in kept:
        keep(cache, static, rest)
    beginnings = {(*static, *rest[: end + 1]) for static, rest in kept for end in range(len(rest))}
    statics = {tuple(static) for static, _ in kept}
    assert cache.bytes == ONE * (len(beginnings) + sum(map(len, statics)))


@settings(max_examples=50)
@given(
    st.lists(st.tuples(st.sampled_from([[7], [7, 8], [8, 8, 8]]), CODES), max_size=20),
    st.integers(0, 20 * ONE),
)
def test_the_limit_holds_and_what_is_found_is_right(kept, limit: int) -> None:
    cache = PrefixCache(limit)
    for static, rest in kept:
        keep(cache, static, rest)
        assert cache.bytes <= limit
        found(cache, static, rest)
    cache.clear()
    assert cache.bytes == 0
    assert found(cache, [7], [0]) == 0


def test_the_longest_unused_goes_first_and_beginnings_last() -> None:
    cache = PrefixCache(10 * ONE)
    keep(cache, [9] * 4, [1, 1])
    keep(cache, [9] * 4, [2, 2])
    assert found(cache, [9] * 4, [1, 1]) == 6
    keep(cache, [9] * 4, [3, 3, 3, 3])
    assert found(cache, [9] * 4, [1, 1]) == 6
    assert found(cache, [9] * 4, [2, 2]) == 4
    for number in range(4, 30):
        keep(cache, [9] * 4, [number] * 6)
        assert found(cache, [9] * 4, [number] * 6) == 10
    # Another beginning takes the place of this one only when nobody looks at this one.
    beginning = cache.get(as_codes([9] * 4))
    assert beginning is not None
    beginning.readers = 1
    keep(cache, [8] * 7, [1])
    assert found(cache, [9] * 4, []) == 4
    assert found(cache, [8] * 7, []) == 0
    beginning.readers = 0
    keep(cache, [8] * 7, [1])
    assert found(cache, [9] * 4, []) == 0
    assert found(cache, [8] * 7, [1]) == 8


def test_of_many_the_oldest_tenth_goes_at_once() -> None:
    cache = PrefixCache((1 + 100 * 2) * ONE)
    for number in range(100):
        keep(cache, [9], [number, 7])
    assert cache.bytes == cache.limit
    keep(cache, [9], [100, 7])
    left = [number for number in range(101) if found(cache, [9], [number, 7]) == 3]
    assert left == list(range(10, 101))


def test_what_stood_behind_a_divided_run_can_still_be_forgotten() -> None:
    cache = PrefixCache(9 * ONE)
    keep(cache, [9], [0, 0, 0, 0])
    keep(cache, [9], [0, 0, 0, 0, 1, 1])
    keep(cache, [9], [0, 0, 2])
    assert cache.bytes == 8 * ONE
    keep(cache, [9], [5, 5, 5])
    assert found(cache, [9], [0, 0, 0, 0, 1, 1]) == 5
    keep(cache, [9], [6] * 8)
    assert cache.bytes == 9 * ONE
    assert found(cache, [9], [0, 0]) == 1


def test_a_new_beginning_is_found_to_be_like_an_old_one() -> None:
    cache = PrefixCache(1_000_000)
    assert cache.nearest(as_codes([1, 2])) is None
    keep(cache, [1, 2, 3, 4], [5])
    keep(cache, [1, 2, 9], [5])
    part = cache.nearest(as_codes([1, 2, 3, 7, 7]))
    assert part is not None
    assert part.tokens == 3
    assert torch.equal(part.keyvalues[0][0][:, :3], keyvalues([1, 2, 3], 0, 3)[0][0])
    assert cache.nearest(as_codes([2])) is None
