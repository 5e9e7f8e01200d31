"""Arguments of command lines that the searches of both loops share, and how they are read."""

from __future__ import annotations

import argparse
from collections.abc import Mapping

from automem_gym.arguments import add_key_values
from benchmarks.seeds import read_seeds
from training.structure.gate import DEFAULT, GATES
from training.structure.seed_plan import PURPOSES, SeedPlan
from training.structure.spending import Allowance


def add_environments(parser: argparse.ArgumentParser) -> None:
    """Adds what is played; :func:`environments` reads the ids."""
    parser.add_argument(
        "--env",
        action="append",
        required=True,
        metavar="ID[,ID...]",
        help="environments of one game; the score of a seed is the mean over them",
    )
    add_key_values(parser, "--env-arg", "for the environments")
    parser.add_argument("--max-game-steps", type=int, help="limit of game steps of an episode")


def environments(arguments: argparse.Namespace) -> tuple[str, ...]:
    """The environment ids, each once."""
    listed = [part.strip() for text in arguments.env for part in text.split(",")]
    return tuple(dict.fromkeys(listed))


def add_gate(group: argparse._ArgumentGroup) -> None:
    """Adds who decides."""
    group.add_argument("--gate", default=DEFAULT, choices=GATES, help=f"(default: {DEFAULT})")
    add_key_values(group, "--gate-arg", "for the gate, such as alpha=0.1")


def add_seeds(group: argparse._ArgumentGroup, defaults: Mapping[str, str]) -> None:
    """Adds seeds by purpose; :func:`seed_plan` reads those that measure.

    Args:
        group: Where to.
        defaults: Purpose to seeds.
    """
    for purpose, seeds in defaults.items():
        group.add_argument(f"--{purpose}-seeds", default=seeds, help=f"(default: {seeds})")


def seed_plan(arguments: argparse.Namespace) -> SeedPlan:
    """The seeds that measure.

    Raises:
        ValueError: Something is no list of seeds, or a seed is named for two purposes.
    """
    return SeedPlan(*(read_seeds(getattr(arguments, f"{name}_seeds")) for name in PURPOSES))


def add_limits(parser: argparse.ArgumentParser) -> None:
    """Adds limits of a search, beside those of its models; :func:`allowance` reads both."""
    group = parser.add_argument_group("limits, over all invocations")
    group.add_argument("--budget-episodes", type=int, metavar="N", help="episodes that are played")
    group.add_argument("--budget-hours", type=float, metavar="H", help="wall time")


def allowance(arguments: argparse.Namespace) -> Allowance:
    """How much may be spent.

    Raises:
        ValueError: A limit is less than nothing.
    """
    return Allowance(
        arguments.budget_usd,
        arguments.budget_tokens,
        arguments.budget_episodes,
        arguments.budget_hours,
    )
