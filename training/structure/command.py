"""Loop 1: let a reviewer revise a scaffold, and keep what measurably helps.

Each attempt plays the screening seeds; where a revision looks better, it plays fresh confirmation
seeds beside its parent; the first and the last scaffold play the report seeds. The reviewer is
heuristic (rules, free), a model with tools (messages:MODEL, completions:MODEL), manual (a person or
another program, see 'automem submit'), or a class of your own, my.module:Reviewer.

Running the same command again goes on where the last one stopped. What is kept stands in DIR/best,
the lineage in DIR/lineage, a git repository; 'automem lineage DIR' shows it.
"""

from __future__ import annotations

import argparse
import shlex
import sys

from agents.accounting import Prices
from agents.model import ModelError
from automem_gym.arguments import add_key_values
from benchmarks.models.arguments import add_model_arguments, read_models
from benchmarks.rehearsal import DEFAULT_SCAFFOLD, roles_of
from benchmarks.report.terminal import make_console, print_table
from benchmarks.run import INTERRUPTED, MISTAKE, OWED
from benchmarks.run_arguments import add_placement, placement
from benchmarks.terminal.plain_text import plain_lines
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
from training.structure.lineage import LineageError
from training.structure.opening import Means, OpenSearch
from training.structure.outcome import outcome_table
from training.structure.settings import SearchSettings
from training.structure.stopped import SearchStoppedError

#: Seeds that a search uses where none are named; no suite of ours plays them.
SEEDS = {"screening": "20000-20011", "confirmation": "21000-24999", "report": "29000-29029"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the arguments of ``automem structure``."""
    add_environments(parser)
    parser.add_argument("--agent", default="memory", help="who plays (default: memory)")
    add_key_values(parser, "--agent-arg", "for the agent")
    parser.add_argument("--out", required=True, metavar="DIR", help="the directory of the search")
    group = parser.add_argument_group("the search")
    group.add_argument(
        "--reviewer",
        default="heuristic",
        metavar="heuristic|manual|MODEL|my.module:Reviewer",
        help="who revises (default: heuristic)",
    )
    add_key_values(group, "--reviewer-arg", "for the reviewer, such as calls=60")
    add_gate(group)
    for name, default, about in (
        ("iterations", 5, "how often a revision is sought that takes the scaffold's place"),
        ("attempts", 3, "how often the reviewer begins anew in an iteration"),
        ("continuations", 1, "how often it goes on from a revision that was turned down"),
        ("seed", 0, "of what the reviewer draws"),
    ):
        group.add_argument(f"--{name}", type=int, default=default, help=f"{about} ({default})")
    add_seeds(group, SEEDS)
    add_model_arguments(parser)
    add_limits(parser)
    add_placement(parser)
    parser.add_argument("--quiet", action="store_true", help="print little")


def run(arguments: argparse.Namespace) -> int:
    """Runs ``automem structure``.

    Returns:
        0 where the search has come to its end, 1 where it was stopped, 2 for a mistake in the
        arguments, 130 after Ctrl-C.
    """
    console = make_console()
    try:
        try:
            opened = OpenSearch(arguments.out, settings(arguments), means(arguments), console)
        except (ValueError, OSError, ImportError, ModelError) as error:
            print(plain_lines(f"automem structure: {error}"), file=sys.stderr)
            return MISTAKE
        with opened:
            try:
                opened.search.run()
                first, last = opened.report()
            except (SearchStoppedError, SearchError, ModelError, LineageError) as stop:
                opened.keep_best()
                print(plain_lines(f"automem structure: stopped: {stop}"), file=sys.stderr)
                return OWED
            print_table(console, outcome_table(first, last))
            console.print(
                f"{opened.best}: the scaffold that was kept", markup=False, highlight=False
            )
            return 0
    except KeyboardInterrupt:
        console.print("\nstopped; what was decided is kept. To go on, run the same command:")
        console.print(f"  {shlex.join(sys.argv)}", markup=False, highlight=False, soft_wrap=True)
        return INTERRUPTED


def settings(arguments: argparse.Namespace) -> SearchSettings:
    """What the arguments say is to be done.

    Raises:
        ValueError: They make no sense.
    """
    if arguments.trust_hooks:
        raise ValueError("--trust-hooks: the code that reviewers write runs shut in, always")
    models = read_models(arguments, roles_of(arguments.agent))
    return SearchSettings(
        env=environments(arguments),
        scaffold=arguments.scaffold or DEFAULT_SCAFFOLD,
        seeds=seed_plan(arguments),
        agent=arguments.agent,
        agent_arg=arguments.agent_arg,
        models={role: spec.to_json() for role, spec in models.items()},
        env_arg=arguments.env_arg,
        max_game_steps=arguments.max_game_steps,
        reviewer=arguments.reviewer,
        reviewer_arg=arguments.reviewer_arg,
        gate=arguments.gate,
        gate_arg=arguments.gate_arg,
        iterations=arguments.iterations,
        attempts=arguments.attempts,
        continuations=arguments.continuations,
        seed=arguments.seed,
    )


def means(arguments: argparse.Namespace) -> Means:
    """With what the arguments say that it is done.

    Raises:
        ValueError: They make no sense.
        OSError: The file of prices cannot be read.
    """
    return Means(
        placement(arguments),
        Prices.load(arguments.prices),
        allowance(arguments),
        arguments.quiet,
    )
