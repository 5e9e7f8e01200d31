"""Play episodes to learn from: the base in both roles, on seeds that measure nothing.

Seeds that a suite measures on are refused, and so are those that --not-seeds names. An interrupted
collection goes on with the same command.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from agents.accounting import Prices
from agents.model import ModelError
from automem_gym.arguments import add_key_values
from benchmarks.models.arguments import add_model_arguments, read_models
from benchmarks.rehearsal import DEFAULT_SCAFFOLD
from benchmarks.report.terminal import make_console
from benchmarks.run import MISTAKE, OWED
from benchmarks.run_arguments import add_placement, placement
from benchmarks.seeds import read_seeds
from benchmarks.session import Means, Session
from training.proficiency.command import CONFIRMATION, REPORT, SCREENING, TRAINING
from training.proficiency.opening import check_suites
from training.proficiency.settings import AGENT, ProficiencySettings
from training.structure.seed_plan import SeedPlan

_ROLE = "agent"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the arguments of ``automem collect``."""
    parser.add_argument("--env", action="append", required=True, metavar="ID[,ID...]")
    add_key_values(parser, "--env-arg", "for the environments")
    parser.add_argument("--max-game-steps", type=int, help="limit of game steps of an episode")
    parser.add_argument("--out", required=True, type=Path, metavar="DIR", help="the run")
    parser.add_argument("--training-seeds", default=TRAINING, help=f"(default: {TRAINING})")
    for purpose, seeds in (
        ("screening", SCREENING),
        ("confirmation", CONFIRMATION),
        ("report", REPORT),
    ):
        about = f"that will measure, and are not played (default: {seeds})"
        parser.add_argument(f"--{purpose}-seeds", default=seeds, help=about)
    add_model_arguments(parser)
    parser.set_defaults(agent=AGENT)
    add_placement(parser)
    parser.add_argument("--quiet", action="store_true", help="print little")


def run(arguments: argparse.Namespace) -> int:
    """Runs ``automem collect``."""
    console = make_console()
    try:
        models = read_models(arguments, (_ROLE,))
        listed = [part.strip() for text in arguments.env for part in text.split(",")]
        settings = ProficiencySettings(
            env=tuple(dict.fromkeys(listed)),
            scaffold=arguments.scaffold or DEFAULT_SCAFFOLD,
            model=models[_ROLE].to_json(),
            training_seeds=read_seeds(arguments.training_seeds),
            seeds=SeedPlan(
                read_seeds(arguments.screening_seeds),
                read_seeds(arguments.confirmation_seeds),
                read_seeds(arguments.report_seeds),
            ),
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
