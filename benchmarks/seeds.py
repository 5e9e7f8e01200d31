"""Lists of seeds as they stand on a command line."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

_RANGE = re.compile(r"(\d+)(?:-(\d+))?")
#: More seeds than anybody means; a slip such as 1-1000000000 must not fill the memory.
MOST_SEEDS = 1_000_000


def read_seeds(text: str) -> tuple[int, ...]:
    """Reads a list of seeds.

    Args:
        text: Seeds and inclusive ranges, separated by commas.

    Returns:
        The seeds in the order in which they are written.

    Raises:
        ValueError: The text is no such list, or names a seed twice.

    Example:
        >>> read_seeds("1,2,5-9")
        (1, 2, 5, 6, 7, 8, 9)
    """
    found: list[int] = []
    for part in text.split(","):
        match = _RANGE.fullmatch(part.strip())
        if not match:
            raise ValueError(f"{part!r} is no seed and no range; write for example 42-51 or 1,2,5")
        first, last = int(match[1]), int(match[2] or match[1])
        if last < first:
            raise ValueError(f"the range {part.strip()} is empty; did you mean {last}-{first}?")
        if last >= 2**31 or len(found) + last - first >= MOST_SEEDS:
            raise ValueError(f"seeds are below 2**31, and {MOST_SEEDS:,} at most")
        found.extend(range(first, last + 1))
    seed, times = Counter(found).most_common(1)[0]
    if times > 1:
        raise ValueError(f"seed {seed} is named twice; --repeats plays a seed several times")
    return tuple(found)


def write_seeds(seeds: Iterable[int]) -> str:
    """Writes seeds as :func:`read_seeds` reads them, in order, with ranges.

    Example:
        >>> write_seeds([7, 1, 2, 3])
        '1-3,7'
    """
    runs: list[list[int]] = []
    for seed in sorted(set(seeds)):
        if runs and seed == runs[-1][1] + 1:
            runs[-1][1] = seed
        else:
            runs.append([seed, seed])
    return ",".join(f"{first}" if first == last else f"{first}-{last}" for first, last in runs)
