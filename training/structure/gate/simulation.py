"""What the gates keep and what they cost, in simulated searches.

    python -m training.structure.gate.simulation --searches 10000 --revisions 30

The noise is that of real runs, see ``noise.toml``.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from memory_fs.suggestion import unknown_name
from training.structure.gate.confirmed import Confirmed
from training.structure.gate.fallback import fallback_level
from training.structure.gate.noise import noises
from training.structure.gate.paper import Paper
from training.structure.gate.search import Searches, search
from training.structure.gate.stages import confirmed

#: True improvements, in standard deviations of the paired difference.
EFFECTS = (1.0, 0.5, 0.25)
#: On one seed in how many a revision loses that wins a little on the others.
LOSES_ONE_IN = (2, 3, 5, 10, 20)

_NULL = (
    *("noise", "gate", "searches that keep a useless one", "useless ones kept, mean"),
    *("confirmations a search", "seeds played a revision", "seeds played a search"),
)
_POWER = (
    *("noise", "improvement", "mean rises by", "gate", "keeps it", "if it comes early", "late"),
    *("keeps a useless one", "seeds played a search"),
)
_SKEWED = ("loses on one seed in", "kept in a confirmation", "kept with as much noise besides")


def lines(
    searches: int, revisions: int, only: Sequence[str] = (), gate: Confirmed | None = None
) -> Iterator[str]:
    """The figures as Markdown tables, a line at a time.

    Args:
        searches: How many searches each figure is of; those of single confirmations are of twice
            as many.
        revisions: How many revisions a search has.
        only: The noises to use; all where there are none.
        gate: What to compare with the paper's rule; the default gate where there is none.

    Raises:
        ValueError: There is no noise of this name.
    """
    own = gate or Confirmed()
    gates = (own, Paper())
    known = noises()
    for name in only:
        if name not in known:
            raise unknown_name("noise", name, known)
    chosen = {name: noise for name, noise in known.items() if not only or name in only}
    yield from _heading(_NULL)
    for noise in chosen.values():
        for rule in gates:
            found = search(rule, noise, searches, revisions)
            played = found.plays.mean()
            yield _row(
                noise.name,
                rule.name,
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
            for rule in gates:
                found = search(rule, noise, searches, revisions, effect)
                yield _row(
                    noise.name,
                    f"{effect}",
                    f"{noise.gain(effect):.3f}",
                    rule.name,
                    _percent(found.useful.mean()),
                    *(_percent(part) for part in _by_position(found, revisions)),
                    _percent((found.useless > 0).mean()),
                    f"{found.plays.mean():.0f}",
                )
    yield ""
    yield from _heading(_SKEWED)
    for one_in in LOSES_ONE_IN:
        yield _row(
            str(one_in), *(_percent(skewed(own, one_in, noisy, 2 * searches)) for noisy in (0, 1))
        )


def skewed(gate: Confirmed, one_in: int, noisy: float, confirmations: int) -> float:
    """How often a revision is kept that wins a little mostly and loses much rarely.

    Its mean is that of its parent. This is not what the test takes a useless revision to be, and
    the level, here that of the first confirmation of a search, is not held.

    Args:
        gate: What decides.
        one_in: It loses on one seed in so many, and gains on all others.
        noisy: Standard deviation of normal noise besides, in that of those losses and gains.
        confirmations: How many are simulated.
    """
    rng = np.random.default_rng(one_in)
    shape = (confirmations, gate.confirmation)
    loss = 1 / one_in
    differences = np.where(rng.random(shape) < loss, loss - 1, loss)
    differences += rng.normal(size=shape) * noisy * np.sqrt(loss * (1 - loss))
    level = fallback_level([], gate.alpha, gate.decay)
    kept, _ = confirmed(gate, differences, np.full(confirmations, level))
    return float(kept.mean())


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
