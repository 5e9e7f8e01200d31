"""A contest of something new with its parent: what the gate asks for is played until it decides."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from training.structure.evaluation import Stage
from training.structure.gate import Gate, Keep, Pair, Play
from training.structure.seed_plan import SeedPlan

#: Plays so many seeds of a stage, and tells their scores; it may have played more of them before.
Scores = Callable[[Stage, int], Sequence[float]]


@dataclass(frozen=True, slots=True)
class Contest:
    """What a contest has come to.

    Attributes:
        kept: Whether the new one takes its parent's place.
        reason: Why, in words with figures.
        screening: What the parent and the new one scored, by seed of the screening.
        confirmed: Whether it came to a confirmation.
    """

    kept: bool
    reason: str
    screening: Sequence[Pair]
    confirmed: bool


def contest(
    gate: Gate, history: Sequence[bool], seeds: SeedPlan, own: Scores, parent: Scores
) -> Contest:
    """Plays what the gate asks for, until it has decided.

    Args:
        gate: Who decides.
        history: What came of the confirmations so far, see :meth:`Gate.decide`.
        seeds: The seeds; each confirmation gets fresh ones.
        own: Plays the new one.
        parent: Plays its parent.

    Raises:
        SearchStoppedError: A budget is spent, episodes are owed, or there are no fresh seeds.
    """
    pairs: dict[str, list[Pair]] = {"screening": [], "confirmation": []}
    while True:
        decision = gate.decide(history, pairs["screening"], pairs["confirmation"])
        if not isinstance(decision, Play):
            break
        stage = Stage("screening", seeds.screening)
        if decision.stage == "confirmation":
            number = len(history)
            fresh = seeds.block(number, gate.confirmation)
            stage = Stage(f"confirmation-{number + 1:02}", fresh)
        count = decision.seeds
        # The new one first: a seed that it cannot play need not be played by its parent.
        new, old = (play(stage, count)[:count] for play in (own, parent))
        pairs[decision.stage] = list(zip(old, new, strict=True))
    return Contest(
        isinstance(decision, Keep),
        decision.reason,
        pairs["screening"],
        bool(pairs["confirmation"]),
    )
