"""Takes the best of many while no group is left out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")


def in_turn(items: Iterable[T], keys: Sequence[Callable[[T], Hashable]]) -> Iterator[T]:
    """Goes round among groups, and within each group among its own groups, and so on.

    So the first so many items hold as many of each group as they can, and of each the first ones.

    Args:
        items: The items, the best first.
        keys: What groups them: by the first key, within it by the second, and so on.

    Example:
        >>> "".join(in_turn("aabcbc", [str]))
        'abcabc'
    """
    if not keys:
        yield from items
        return
    groups: defaultdict[Hashable, list[T]] = defaultdict(list)
    for item in items:
        groups[keys[0](item)].append(item)
    waiting = [in_turn(group, keys[1:]) for group in groups.values()]
    while waiting:
        left = []
        for group in waiting:
            for item in group:
                yield item
                left.append(group)
                break
        waiting = left
