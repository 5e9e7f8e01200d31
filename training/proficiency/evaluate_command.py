"""Play the pair with an adapter against the pair without it: same scaffold, same seeds, paired.

Seeds that the adapter was made with are refused; so they are in every other command.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path

from agents.accounting import Prices
from agents.model import ModelError, ModelSpec
from benchmarks.configuration import Configuration
from benchmarks.rehearsal import DEFAULT_SCAFFOLD
from benchmarks.report.terminal import make_console, print_table
from benchmarks.run import MISTAKE, OWED
from benchmarks.run_arguments import add_placement, placement
from benchmarks.seeds import read_seeds
from benchmarks.session import Means, Session
from benchmarks.task import Task
from training.proficiency.arguments import add_base, base_of
from training.proficiency.command import SEEDS
from training.proficiency.outcome import outcome_table
from training.proficiency.settings import AGENT, GAMEPLAY, SPECIALIST
from training.structure.arguments import add_environments, environments


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the arguments of ``automem evaluate``."""
    add_environments(parser)
    parser.add_argument("--trained", required=True, metavar="DIR", help="the adapter")
    parser.add_argument("--seeds", default=SEEDS["report"], help=f"(default: {SEEDS['report']})")
    parser.add_argument("--out", required=True, type=Path, metavar="DIR", help="for both runs")
    add_base(parser)
    add_placement(parser)
    parser.add_argument("--quiet", action="store_true", help="print little")


def run(arguments: argparse.Namespace) -> int:
    """Runs ``automem evaluate``."""
    console = make_console()
    runs = arguments.out / "base", arguments.out / "trained"
    try:
        base = base_of(arguments)
        means = Means(placement(arguments), Prices.load(arguments.prices), scenes=False)
        for run_directory, adapter in zip(runs, ("", arguments.trained), strict=True):
            settings = _configuration(arguments, base, adapter)
            with Session(settings, run_directory, means) as session:
                halt = session.play(console, arguments.quiet)
                if halt is not None or session.left:
                    told = halt or f"{session.left} episodes are owed; the same command goes on"
                    print(f"automem evaluate: stopped: {told}", file=sys.stderr)
                    return OWED
    except (ValueError, OSError, ImportError, ModelError) as error:
        print(f"automem evaluate: {error}", file=sys.stderr)
        return MISTAKE
    print_table(console, outcome_table(*runs))
    return 0


def _configuration(arguments: argparse.Namespace, base: ModelSpec, adapter: str) -> Configuration:
    task = Task(
        environments(arguments),
        read_seeds(arguments.seeds),
        max_game_steps=arguments.max_game_steps,
        env_arg=arguments.env_arg,
    )
    specialist = replace(base, adapter=adapter)
    return Configuration(
        tasks=(task,),
        agent=AGENT,
        models={SPECIALIST: specialist.to_json(), GAMEPLAY: base.to_json()},
        scaffold=arguments.scaffold or DEFAULT_SCAFFOLD,
    )
