"""Plays episodes with an agent and records them.

Running the same command again goes on where the last one stopped: episodes that were finished are
kept, one that was cut off goes on from its recording, those that failed are played again. The
environment's seed is --seeds; the agent's own randomness is seeded from seed and repeat (numpy's
SeedSequence((seed, repeat))), so the same command gives the same episodes, with any number of
workers on any executor.

Models are opened once, in this process, and asked from the processes that play. What their calls
cost stands in DIR/calls.jsonl, and counts towards the budget when the run goes on.
"""

from __future__ import annotations

import argparse
import os
import shlex
import sys
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from rich.console import Console

from agents.accounting import Budget, Ledger, Prices
from agents.model import BudgetSpentError, ModelError
from automem_gym.arguments import add_key_values
from benchmarks.campaign import carry_out, owed
from benchmarks.configuration import Configuration
from benchmarks.executors.catalogue import DEFAULT, EXECUTORS, Placement
from benchmarks.executors.executor import Executor, Stop
from benchmarks.memory_span import SPAN, read_span
from benchmarks.model_tables import print_spent
from benchmarks.models.arguments import add_model_arguments, read_models
from benchmarks.models.desk import ModelDesk
from benchmarks.models.opening import paid, specs_of
from benchmarks.rehearsal import open_paid, rehearse, roles_of
from benchmarks.run_directory import RunDirectory
from benchmarks.seeds import read_seeds
from benchmarks.suite import load_suite, shipped
from benchmarks.tables import make_console, print_run
from benchmarks.task import Task
from memory_fs.index import plural

#: Exit statuses: what was asked for makes no sense; episodes are owed; Ctrl-C (128 + SIGINT).
MISTAKE, OWED, INTERRUPTED = 2, 1, 130


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the arguments of the command."""
    parser.add_argument(
        "--suite",
        metavar="NAME|FILE",
        help=f"what is played: {', '.join(shipped())}, or a TOML file; --env and --seeds then name "
        "a part of it",
    )
    parser.add_argument(
        "--env",
        action="append",
        default=[],
        metavar="ID[,ID...]",
        help="environment id, or module:Id; may be given several times",
    )
    parser.add_argument(
        "--agent",
        default="random",
        help="random, explorer, memory, pair, chat, tools, or my.module:Agent (default: random)",
    )
    add_key_values(parser, "--agent-arg", "for the agent")
    add_key_values(parser, "--env-arg", "for the environments")
    parser.add_argument(
        "--memory",
        default="full",
        metavar="full|last-N|wiped",
        help="how long the memory lasts: the whole episode, N game steps, or none at all, so that "
        "it is seen what it is worth (default: full)",
    )
    parser.add_argument(
        "--carry-memory",
        action="store_true",
        help="each seed begins with the memory with which the one before it in --seeds ended",
    )
    parser.add_argument("--seeds", default="", help="for example 42-51, or 1,2,5-9")
    parser.add_argument("--repeats", type=int, help="times each seed is played (default: 1)")
    parser.add_argument("--out", required=True, type=Path, metavar="DIR", help="the run directory")
    _add_placement(parser)
    parser.add_argument(
        "--max-game-steps", type=int, help="limit of game steps, in place of the environment's own"
    )
    add_model_arguments(parser)
    parser.add_argument(
        "--no-scenes",
        action="store_true",
        help="do not record what the games draw: smaller traces, whose replays show texts only",
    )
    parser.add_argument(
        "--allow-used-seeds",
        action="store_true",
        help="play seeds that the scaffold or the adapter was made with, by its used_seeds.toml",
    )
    parser.add_argument(
        "--overwrite", action="store_true", help="remove the run that --out holds, and start anew"
    )
    parser.add_argument(
        "--quiet", action="store_true", help="print little; the default where CI=true is set"
    )


def _add_placement(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("where the episodes are played")
    group.add_argument(
        "--workers", type=int, default=1, help="episodes at the same time (default: 1)"
    )
    group.add_argument(
        "--executor",
        metavar="NAME",
        help="; ".join(f"{name}: {what}" for name, what in EXECUTORS.items())
        + f" (default: {DEFAULT})",
    )
    group.add_argument(
        "--processes", type=int, help="with --executor threads: how many (default: one a core)"
    )
    group.add_argument(
        "--ray", metavar="ADDRESS", default="", help="of a Ray cluster; implies --executor ray"
    )


def placement(arguments: argparse.Namespace) -> Placement:
    """Where the arguments say that episodes are played.

    Raises:
        ValueError: They make no sense.
    """
    named = arguments.executor or ("ray" if arguments.ray else DEFAULT)
    return Placement(named, arguments.workers, arguments.processes, arguments.ray)


def tasks(arguments: argparse.Namespace) -> tuple[Task, ...]:
    """What the arguments say is played.

    Raises:
        ValueError: They make no sense.
        OSError: The suite's file cannot be read.
    """
    listed = [part.strip() for text in arguments.env for part in text.split(",")]
    env_ids = tuple(dict.fromkeys(listed))
    seeds = read_seeds(arguments.seeds) if arguments.seeds else ()
    if arguments.suite is not None:
        for name in ("repeats", "max_game_steps", "env_arg"):
            if getattr(arguments, name):
                raise ValueError(
                    f"--{name.replace('_', '-')} would make another suite of {arguments.suite}; "
                    "write it into a file of your own, and name that with --suite"
                )
        found = load_suite(arguments.suite).narrowed(env_ids, seeds).tasks
        return tuple(_with_memory(task, arguments) for task in found)
    if not (env_ids and seeds):
        raise ValueError("say what is played: with --env and --seeds, or with --suite")
    repeats = 1 if arguments.repeats is None else arguments.repeats
    task = Task(env_ids, seeds, repeats, arguments.max_game_steps, arguments.env_arg)
    return (_with_memory(task, arguments),)


def _with_memory(task: Task, arguments: argparse.Namespace) -> Task:
    """A task with the memory that the arguments ask for."""
    span = read_span(arguments.memory)
    env_arg = task.env_arg if span is None else {**task.env_arg, SPAN: span}
    return replace(task, env_arg=env_arg, carry_memory=task.carry_memory or arguments.carry_memory)


def configuration(arguments: argparse.Namespace) -> Configuration:
    """The settings that the arguments name.

    Raises:
        ValueError: They make no sense.
        OSError: The suite's file cannot be read.
    """
    models = read_models(arguments, roles_of(arguments.agent))
    return Configuration(
        tasks=tasks(arguments),
        suite=arguments.suite or "",
        agent=arguments.agent,
        agent_arg=arguments.agent_arg,
        models={role: spec.to_json() for role, spec in models.items()},
        scaffold=arguments.scaffold or "",
        trust_hooks=arguments.trust_hooks,
    )


def run(arguments: argparse.Namespace) -> int:
    """Runs the command.

    Returns:
        The exit status: 0 if every episode has a result, 1 if some are owed, 2 for a mistake in the
        arguments, 130 after Ctrl-C.
    """
    console = make_console()
    try:
        with ExitStack() as stack:
            directory = stack.enter_context(RunDirectory(arguments.out))
            try:
                executor, ledger = _set_up(arguments, directory, stack)
            except (ValueError, OSError, ImportError, ModelError) as error:
                print(f"automem run: {error}", file=sys.stderr)
                return MISTAKE
            return _play(arguments, directory, executor, ledger, console)
    except KeyboardInterrupt:
        again = shlex.join(word for word in sys.argv if word != "--overwrite")
        console.print("\nstopped; finished episodes are kept. To go on, run the same command:")
        console.print(f"  {again}", markup=False, highlight=False, soft_wrap=True)
        return INTERRUPTED


def _set_up(
    arguments: argparse.Namespace, directory: RunDirectory, stack: ExitStack
) -> tuple[Executor, Ledger | None]:
    """Opens all that the run needs; what is to be closed goes onto the stack.

    Raises:
        ValueError: A setting makes no sense.
        OSError: Something cannot be read or written.
        ModelError: A model cannot be had.
    """
    placed = placement(arguments)
    settings = rehearse(configuration(arguments), arguments.allow_used_seeds)
    prices = Prices.load(arguments.prices)
    budget = Budget(arguments.budget_usd, arguments.budget_tokens)
    costly = paid(specs_of(settings.episodes()[0]))
    Ledger(costly, prices, budget)  # says so where a model lacks its price
    # A model may take minutes to open: not before it is clear that it will be asked.
    asked = costly and directory.left(settings, arguments.overwrite)
    desk = ModelDesk(open_paid(settings) if asked else {})
    stack.callback(desk.close)
    directory.prepare(settings, arguments.overwrite)
    if costly:
        desk.ledger = Ledger.resume(directory.calls, costly, prices, budget)
        stack.callback(desk.ledger.close)
    return placed.open(desk, prices, not arguments.no_scenes), desk.ledger


def _play(
    arguments: argparse.Namespace,
    directory: RunDirectory,
    executor: Executor,
    ledger: Ledger | None,
    console: Console,
) -> int:
    total, left = len(directory.results()), len(owed(directory))
    if left < total:
        console.print(f"{total - left} of {total} episodes are there already")
    for difference, count in directory.outdated().items():
        print(
            f"warning: {plural(count, 'episode')} {difference}; --overwrite plays them again",
            file=sys.stderr,
        )
    quiet = arguments.quiet or os.environ.get("CI", "").lower() == "true"
    halt: Stop | None = None
    try:
        if left and ledger is not None:
            ledger.check()
        halt = carry_out(directory, executor, console, quiet, ledger)
    except BudgetSpentError as spent:
        halt = spent
    print_run(console, arguments.out, directory.results())
    if ledger is not None:
        print_spent(console, ledger)
    if halt is not None:
        print(f"automem run: stopped: {halt}", file=sys.stderr)
    return OWED if owed(directory) else 0
