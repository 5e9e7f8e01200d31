"""Loop 2: the agent's own good memory decisions train a memory specialist.

The base plays the training seeds; answers that are worth learning are selected; an adapter is
trained on them; the pair with the adapter plays against the pair without it. An engine proposes
the next recipe (how answers are selected and mixed, how the adapter is trained); what is kept is
decided by a gate on fresh seeds, and reported on others.

Running the same command again goes on where the last one stopped. Each stage is also a command of
its own: collect, select, train, evaluate.
"""

from __future__ import annotations

import argparse
import shlex
import sys

from agents.accounting import Prices
from agents.model import ModelError
from agents.sandbox import ConfinementError
from automem_gym.arguments import add_key_values
from benchmarks.rehearsal import DEFAULT_SCAFFOLD
from benchmarks.report.terminal import make_console, print_table
from benchmarks.run import INTERRUPTED, MISTAKE, OWED
from benchmarks.run_arguments import add_placement, placement
from benchmarks.run_directory import RunError
from benchmarks.seeds import read_seeds
from benchmarks.terminal.plain_text import plain_lines
from benchmarks.trace import TraceError
from training.proficiency.arguments import add_base, base_of
from training.proficiency.opening import Means, OpenProficiency
from training.proficiency.outcome import outcome_table
from training.proficiency.post_processing import TargetError
from training.proficiency.settings import ProficiencySettings
from training.structure.arguments import (
    add_environments,
    add_gate,
    add_limits,
    add_seeds,
    allowance,
    environments,
    seed_plan,
)
from training.structure.directory import SearchError
from training.structure.stopped import SearchStoppedError

#: Seeds that are used where none are named; no suite of ours plays them.
SEEDS = {
    "training": "30000-30099",
    "screening": "31000-31011",
    "confirmation": "32000-35999",
    "report": "39000-39029",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the arguments of ``automem proficiency``."""
    add_environments(parser)
    parser.add_argument("--out", required=True, metavar="DIR", help="the directory of the search")
    group = parser.add_argument_group("the search")
    group.add_argument(
        "--engine",
        default="halving",
        metavar="halving|MODEL|my.module:Engine",
        help="who proposes recipes (default: halving)",
    )
    add_key_values(group, "--engine-arg", "for the engine, such as rungs=1")
    add_gate(group)
    group.add_argument("--trials", type=int, default=7, help="how many recipes are tried (7)")
    group.add_argument("--seed", type=int, default=0, help="of what is drawn (0)")
    add_seeds(group, SEEDS)
    group.add_argument("--train-processes", type=int, default=1, help="that train together (1)")
    add_base(parser)
    add_limits(parser)
    add_placement(parser)
    parser.add_argument("--quiet", action="store_true", help="print little")


def run(arguments: argparse.Namespace) -> int:
    """Runs ``automem proficiency``.

    Returns:
        0 where the search has come to its end, 1 where it was stopped, 2 for a mistake in the
        arguments, 130 after Ctrl-C.
    """
    console = make_console()
    try:
        try:
            opened = OpenProficiency(arguments.out, settings(arguments), means(arguments), console)
        except (ValueError, OSError, ImportError, ModelError) as error:
            print(plain_lines(f"automem proficiency: {error}"), file=sys.stderr)
            return MISTAKE
        with opened:
            try:
                opened.search.run()
                base, best = opened.search.report()
            except (
                *(SearchStoppedError, SearchError, RunError, TraceError, OSError),
                *(ModelError, TargetError, ConfinementError),
            ) as stop:
                # Models write recipes and selectors, which messages quote.
                print(plain_lines(f"automem proficiency: stopped: {stop}"), file=sys.stderr)
                return OWED
            print_table(console, outcome_table(base, best))
            kept = opened.search.best.adapter
            told = f"{kept}: the adapter that was kept" if kept else "no adapter was kept"
            console.print(told, markup=False, highlight=False)
            return 0
    except KeyboardInterrupt:
        console.print("\nstopped; what was decided is kept. To go on, run the same command:")
        console.print(f"  {shlex.join(sys.argv)}", markup=False, highlight=False, soft_wrap=True)
        return INTERRUPTED


def settings(arguments: argparse.Namespace) -> ProficiencySettings:
    """What the arguments say is to be done.

    Raises:
        ValueError: They make no sense.
    """
    return ProficiencySettings(
        env=environments(arguments),
        scaffold=arguments.scaffold or DEFAULT_SCAFFOLD,
        model=base_of(arguments).to_json(),
        training_seeds=read_seeds(arguments.training_seeds),
        seeds=seed_plan(arguments),
        env_arg=arguments.env_arg,
        max_game_steps=arguments.max_game_steps,
        engine=arguments.engine,
        engine_arg=arguments.engine_arg,
        gate=arguments.gate,
        gate_arg=arguments.gate_arg,
        trials=arguments.trials,
        seed=arguments.seed,
    )


def means(arguments: argparse.Namespace) -> Means:
    """With what the arguments say that it is done.

    Raises:
        ValueError: They make no sense.
        OSError: The file of prices cannot be read.
    """
    if arguments.train_processes < 1:
        raise ValueError(f"--train-processes is at least 1, not {arguments.train_processes}")
    return Means(
        placement=placement(arguments),
        prices=Prices.load(arguments.prices),
        allowance=allowance(arguments),
        processes=arguments.train_processes,
        workers=arguments.workers,
        quiet=arguments.quiet,
    )
