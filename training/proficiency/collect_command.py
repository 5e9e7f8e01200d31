"""Play episodes to learn from: the base in both roles, on seeds that measure nothing.

Seeds that a suite measures on are refused, and so are those that are named for screening,
confirmation or report. An interrupted collection goes on with the same command.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from agents.accounting import Prices
from agents.model import ModelError
from benchmarks.rehearsal import DEFAULT_SCAFFOLD
from benchmarks.report.terminal import make_console
from benchmarks.run import MISTAKE, OWED
from benchmarks.run_arguments import add_placement, placement
from benchmarks.seeds import read_seeds
from benchmarks.session import Means, Session
from training.proficiency.arguments import add_base, base_of
from training.proficiency.command import SEEDS
from training.proficiency.opening import check_suites
from training.proficiency.settings import ProficiencySettings
from training.structure.arguments import add_environments, add_seeds, environments, seed_plan


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the arguments of ``automem collect``."""
    add_environments(parser)
    parser.add_argument("--out", required=True, type=Path, metavar="DIR", help="the run")
    group = parser.add_argument_group("seeds: to be played, and those that will measure")
    add_seeds(group, SEEDS)
    add_base(parser)
    add_placement(parser)
    parser.add_argument("--quiet", action="store_true", help="print little")


def run(arguments: argparse.Namespace) -> int:
    """Runs ``automem collect``."""
    console = make_console()
    try:
        settings = ProficiencySettings(
            env=environments(arguments),
            scaffold=arguments.scaffold or DEFAULT_SCAFFOLD,
            model=base_of(arguments).to_json(),
            training_seeds=read_seeds(arguments.training_seeds),
            seeds=seed_plan(arguments),
            env_arg=arguments.env_arg,
            max_game_steps=arguments.max_game_steps,
        )
        check_suites(settings.env, settings.training_seeds)
        means = Means(
            placement(arguments), Prices.load(arguments.prices), allow_used_seeds=True, scenes=False
        )
        configuration = settings.configuration("", settings.training_seeds)
        session = Session(configuration, arguments.out, means)
    except (ValueError, OSError, ImportError, ModelError) as error:
        print(f"automem collect: {error}", file=sys.stderr)
        return MISTAKE
    with session:
        halt = session.play(console, arguments.quiet)
        if halt is not None or session.left:
            told = halt or f"{session.left} episodes are owed; the same command goes on"
            print(f"automem collect: stopped: {told}", file=sys.stderr)
            return OWED
    console.print(f"{arguments.out}: to be read by 'automem select'", markup=False)
    return 0
