"""Short names for runs that stand side by side."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path


def run_names(runs: Sequence[Path]) -> list[str]:
    """The ends of their paths, as far as it takes to tell them apart.

    The same directory twice is told by a number.

    Example:
        >>> run_names([Path("/runs/v0"), Path("/runs/pair")])
        ['v0', 'pair']
        >>> run_names([Path("/monday/v0"), Path("/tuesday/v0")])
        ['monday/v0', 'tuesday/v0']
    """
    paths = [run.resolve() for run in runs]
    longest = max((len(path.parts) for path in paths), default=1)
    for length in range(1, longest + 1):
        names = ["/".join(path.parts[-length:]) for path in paths]
        if len(set(names)) == len(set(paths)):
            break
    counts: dict[str, int] = {}
    numbered = []
    for name in names:
        counts[name] = counts.get(name, 0) + 1
        numbered.append(f"{name} #{counts[name]}" if counts[name] > 1 else name)
    return numbered
