"""How often the intervals hold what they should, and how often the test says what is so.

    python -m benchmarks.statistics.calibration --samples 5000

Samples are drawn from distributions whose mean is known. That is what the methods were chosen by;
``percentile`` is the plain percentile bootstrap, for comparison.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks.statistics.difference import paired_difference
from benchmarks.statistics.estimate import Estimate, estimate_over
from benchmarks.statistics.interquartile import interquartile_mean
from benchmarks.statistics.interval import CHANGE, SHARE, Interval
from benchmarks.statistics.resamples import Floats, stratified

#: How many seeds are tried.
SEEDS = (5, 10, 30)
#: The level at which the test says that there is a difference.
ALPHA = 0.05
_MANY = 400_000

Draw = Callable[[np.random.Generator, int], Floats]


@dataclass(frozen=True)
class Scores:
    """How the scores of one or several tasks are distributed.

    Attributes:
        name: What it is called.
        tasks: Draws the scores of each task.
        bounds: As for :func:`benchmarks.statistics.estimate`.
    """

    name: str
    tasks: tuple[Draw, ...]
    bounds: Interval | None = None

    def draw(self, rng: np.random.Generator, seeds: int) -> list[Floats]:
        """The scores of some seeds, for each task."""
        return [task(rng, seeds) for task in self.tasks]


def successes(chance: float) -> Draw:
    """A task that is solved by chance."""
    return lambda rng, n: (rng.random(n) < chance).astype(np.float64)


def _rare(rng: np.random.Generator, n: int) -> Floats:
    """Half of the scores 0, the others small and far apart, as where few episodes get anywhere."""
    steps: Floats = rng.choice([0.01, 0.02, 0.035, 0.05, 0.1], n)
    return np.where(rng.random(n) < 0.5, 0.0, steps)


def _pair(first: float, second: float) -> Draw:
    """Whether a second run solves what the first does not, less the opposite."""
    one, two = successes(first), successes(second)
    return lambda rng, n: two(rng, n) - one(rng, n)


_CHANCES = {
    "unlike": (0.0, 0.0, 0.1, 0.1, 0.2, 0.2, 0.3, 0.5),
    "even": (0.5,) * 8,
    "at the ends": (0.0, 0.0, 0.0, 0.0, 0.9, 1.0, 1.0, 1.0),
    "hardly any": (0.0, 0.0, 0.0, 0.0, 0.02, 0.02, 0.02, 0.02),
}
SCORES = (
    Scores("normal", (lambda rng, n: rng.normal(0.5, 0.1, n),)),
    Scores("steps of 1/22", (lambda rng, n: rng.binomial(22, 0.4, n) / 22,), SHARE),
    Scores("beta(2, 5)", (lambda rng, n: rng.beta(2, 5, n),), SHARE),
    Scores("half zeros", (_rare,), SHARE),
    Scores("exponential", (lambda rng, n: rng.exponential(1, n),)),
    Scores("lognormal", (lambda rng, n: rng.lognormal(0, 1, n),)),
    *(Scores(f"solved, {p:.0%}", (successes(p),), SHARE) for p in (0.02, 0.1, 0.3, 0.5, 0.9)),
    *(
        Scores(f"8 tasks, {name}", tuple(map(successes, chances)), SHARE)
        for name, chances in _CHANCES.items()
    ),
    Scores("4 tasks, half zeros", (_rare,) * 4, SHARE),
    Scores("pairs, 30% to 50%", (_pair(0.3, 0.5),), CHANGE),
    Scores("pairs, 0% to 10%", (_pair(0.0, 0.1),), CHANGE),
    Scores("8 pairs, 30% to 50%", (_pair(0.3, 0.5),) * 8, CHANGE),
    Scores("8 pairs, 0% to 10%", (_pair(0.0, 0.1),) * 8, CHANGE),
)


def coverage(scores: Scores, seeds: int, samples: int) -> dict[str, float]:
    """How often the 95% intervals hold the truth.

    Args:
        scores: How the scores are distributed.
        seeds: How many seeds a sample has.
        samples: How many samples are drawn.

    Returns:
        The share of samples whose interval holds the true mean (``mean``, and ``percentile`` for
        the plain bootstrap) or the true interquartile mean; a sample without an interval does not.
    """
    rng = np.random.default_rng(seeds)
    many = scores.draw(np.random.default_rng(0), _MANY)
    mean = float(np.mean([task.mean() for task in many]))
    middle = interquartile_of(np.concatenate(many))
    held = dict.fromkeys(("mean", "percentile", "interquartile"), 0)
    for _ in range(samples):
        tasks = scores.draw(rng, seeds)
        scores_of = [task.tolist() for task in tasks]
        held["mean"] += _holds(estimate_over(scores_of, scores.bounds), mean)
        held["percentile"] += _within(_percentile(tasks), mean)
        held["interquartile"] += _holds(
            interquartile_mean([task.tolist() for task in tasks]), middle
        )
    return {name: count / samples for name, count in held.items()}


def interquartile_of(scores: Floats) -> float:
    """The interquartile mean of many scores."""
    cut = scores.size // 4
    return float(np.sort(scores)[cut : scores.size - cut].mean())


def _percentile(tasks: Sequence[Floats]) -> Interval:
    means: Floats = np.zeros(1)
    for values, times in zip(tasks, stratified([len(v) for v in tasks]), strict=True):
        means = means + times @ values / len(values) / len(tasks)
    low, high = np.quantile(means, (0.025, 0.975))
    return float(low), float(high)


def _holds(found: Estimate | None, truth: float) -> bool:
    there = found is not None and found.low is not None and found.high is not None
    return there and _within((found.low, found.high), truth)  # type: ignore[union-attr, arg-type]


def _within(ends: Interval, truth: float) -> bool:
    # The true mean of many draws is itself known to three digits only.
    return ends[0] - 2e-3 <= truth <= ends[1] + 2e-3


def positives(effect: float, spread: float, seeds: int, samples: int) -> float:
    """How often the sign-flip test says at 5% that two runs differ.

    A seed's level is shared by both runs; what each adds is exponential, which is skewed, but its
    difference is not.

    Args:
        effect: By how much the second run is better; 0 gives the size of the test, else its power.
        spread: Standard deviation of what a run adds to the level of a seed.
        seeds: How many seeds.
        samples: How many pairs of runs are drawn.
    """
    rng = np.random.default_rng(seeds)
    found = 0
    for _ in range(samples):
        level = rng.uniform(size=seeds)
        first, second = (
            {seed: [float(value)] for seed, value in enumerate(level + added)}
            for added in rng.exponential(spread, (2, seeds)) + np.array([[0.0], [effect]])
        )
        difference = paired_difference([(first, second)])
        found += difference is not None and difference.p_value <= ALPHA
    return found / samples


def lines(samples: int) -> Iterator[str]:
    """The figures as Markdown tables, a line at a time."""
    names = ("mean", "percentile", "interquartile")
    yield "| scores | " + " | ".join(f"{name}, {n}" for name in names for n in SEEDS) + " |"
    yield "|---" * (1 + len(names) * len(SEEDS)) + "|"
    for scores in SCORES:
        by_seeds = [coverage(scores, seeds, samples) for seeds in SEEDS]
        cells = [f"{100 * found[name]:.1f}" for name in names for found in by_seeds]
        yield f"| {scores.name} | " + " | ".join(cells) + " |"
    yield ""
    yield "| true difference, in standard deviations | " + " | ".join(map(str, SEEDS)) + " |"
    yield "|---" * (1 + len(SEEDS)) + "|"
    for effect in (0.0, 0.5, 1.0, 2.0):
        cells = [f"{100 * positives(effect * 0.1, 0.1, n, samples):.1f}" for n in SEEDS]
        yield f"| {effect} | " + " | ".join(cells) + " |"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--samples", type=int, default=2_000, help="samples (default: 2000)")
    for line in lines(parser.parse_args().samples):
        print(line, flush=True)
