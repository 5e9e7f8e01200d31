"""What has to hold before a search of either loop costs anything."""

from __future__ import annotations

from benchmarks.configuration import Configuration
from benchmarks.rehearsal import games_of, rehearse
from benchmarks.used_seeds import check_unused
from training.structure.gate import Gate
from training.structure.seed_plan import SeedPlan


def one_game(first: Configuration, fresh: Configuration) -> str:
    """The game that is played.

    Args:
        first: What is played first.
        fresh: What is played on seeds that have to be unused.

    Raises:
        ValueError: Something cannot be made, there are several games, or seeds were used before.
    """
    rehearse(first, allow_used_seeds=True)
    games = games_of(first)
    if len(set(games.values())) > 1:
        raise ValueError(
            f"--env: a scaffold is made for one game, and these are of "
            f"{', '.join(sorted(set(games.values())))}"
        )
    check_unused(fresh, games)
    return next(iter(games.values()))


def check_seeds(seeds: SeedPlan, gate: Gate) -> None:
    """Checks that something new can be screened and confirmed.

    Raises:
        ValueError: There are too few seeds; the message says of which.
    """
    for purpose, needed, named in (
        ("screening", gate.screening, seeds.screening),
        ("confirmation", gate.confirmation, seeds.confirmation),
    ):
        if len(named) < needed:
            raise ValueError(
                f"--{purpose}-seeds: the gate {gate.name} asks for {needed} of them for one "
                f"{purpose}, and {len(named)} are named; name more, or give the gate other "
                "arguments with --gate-arg"
            )
