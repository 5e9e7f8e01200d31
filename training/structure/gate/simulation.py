"""What the gates keep and what they cost, in simulated searches.

    python -m training.structure.gate.simulation --searches 10000 --revisions 30

The noise is that of real runs, see ``noise.toml``.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from typing import Any

from memory_fs.suggestion import unknown_name
from training.structure.gate.confirmed import Confirmed
from training.structure.gate.noise import noises
from training.structure.gate.paper import Paper
from training.structure.gate.search import Searches, search

#: True improvements, in standard deviations of the paired difference.
EFFECTS = (1.0, 0.5, 0.25)

_NULL = (
    *("noise", "gate", "searches that keep a useless one", "useless ones kept, mean"),
    *("confirmations a search", "seeds played a revision", "seeds played a search"),
)
_POWER = (
    *("noise", "improvement", "mean rises by", "gate", "keeps it", "if it comes early", "late"),
    *("keeps a useless one", "seeds played a search"),
)


def lines(
    searches: int, revisions: int, only: Sequence[str] = (), confirmed: Confirmed | None = None
) -> Iterator[str]:
    """The figures as Markdown tables, a line at a time.

    Args:
        searches: How many searches each figure is of.
        revisions: How many revisions a search has.
        only: The noises to use; all where there are none.
        confirmed: What to compare with the paper's rule; the default gate where there is none.

    Raises:
        ValueError: There is no noise of this name.
    """
    gates = (confirmed or Confirmed(), Paper())
    known = noises()
    for name in only:
        if name not in known:
            raise unknown_name("noise", name, known)
    chosen = {name: noise for name, noise in known.items() if not only or name in only}
    yield from _heading(_NULL)
    for noise in chosen.values():
        for gate in gates:
            found = search(gate, noise, searches, revisions)
            played = found.plays.mean()
            yield _row(
                noise.name,
                gate.name,
                _percent((found.useless > 0).mean()),
                f"{found.useless.mean():.2f}",
                f"{found.confirmations.mean():.1f}",
                f"{played / revisions:.1f}",
                f"{played:.0f}",
            )
    yield ""
    yield from _heading(_POWER)
    for noise in chosen.values():
        for effect in EFFECTS:
            for gate in gates:
                found = search(gate, noise, searches, revisions, effect)
                yield _row(
                    noise.name,
                    f"{effect}",
                    f"{noise.gain(effect):.3f}",
                    gate.name,
                    _percent(found.useful.mean()),
                    *(_percent(part) for part in _by_position(found, revisions)),
                    _percent((found.useless > 0).mean()),
                    f"{found.plays.mean():.0f}",
                )


def _by_position(found: Searches, revisions: int) -> tuple[float, float]:
    """The power where the useful revision comes early, and where it comes late."""
    third = revisions / 3
    early, late = found.position < third, found.position >= revisions - third
    return float(found.useful[early].mean()), float(found.useful[late].mean())


def _heading(names: Sequence[str]) -> Iterator[str]:
    yield _row(*names)
    yield "|---" * len(names) + "|"


def _row(*cells: str) -> str:
    return "| " + " | ".join(cells) + " |"


def _percent(share: float) -> str:
    return f"{100 * share:.1f}"


def _parameters(changes: Sequence[str]) -> dict[str, Any]:
    """The parameters in arguments such as ``looks=20,40,80``."""
    pairs = (change.partition("=")[::2] for change in changes)
    return {
        name: tuple(map(int, text.split(","))) if name in ("blocks", "looks") else float(text)
        for name, text in pairs
    }


def main() -> None:
    """Prints the tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--searches", type=int, default=10_000, help="searches (default: 10000)")
    parser.add_argument("--revisions", type=int, default=30, help="revisions (default: 30)")
    parser.add_argument("--noise", action="append", default=[], help="only this one; repeatable")
    parser.add_argument(
        "--set", action="append", default=[], metavar="KEY=VALUE", help="such as looks=20,40,80"
    )
    given = parser.parse_args()
    gate = Confirmed(**_parameters(given.set))
    for line in lines(given.searches, given.revisions, given.noise, gate):
        print(line, flush=True)


if __name__ == "__main__":
    main()
