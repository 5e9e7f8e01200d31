"""Going round among groups."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from training.proficiency.balance import in_turn

ITEMS = st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from("xyz"), st.integers(0, 99)))
KEYS = [lambda it: it[0], lambda it: it[1]]


@given(ITEMS)
def test_all_items_come_and_those_of_a_group_in_their_order(items):
    found = list(in_turn(items, KEYS))
    assert Counter(found) == Counter(items)
    for group in {it[:2] for it in items}:
        assert [it for it in found if it[:2] == group] == [it for it in items if it[:2] == group]


@given(ITEMS, st.integers(0, 20))
def test_the_first_so_many_hold_as_many_of_each_group_as_they_can(items, count):
    for at, key in enumerate(KEYS):
        of_group = items if at == 0 else [it for it in items if it[0] == "a"]
        first = Counter(map(key, list(in_turn(of_group, KEYS[at:]))[:count]))
        there = Counter(map(key, of_group))
        for group in there:
            if first[group] < there[group]:
                assert first[group] >= max(first.values(), default=0) - 1


def test_without_keys_the_order_stays():
    assert list(in_turn([3, 1, 2], [])) == [3, 1, 2]
    assert list(in_turn([], KEYS)) == []
