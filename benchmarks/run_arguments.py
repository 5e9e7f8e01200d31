"""The arguments of ``automem run``, and what they say is played, by whom and where."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

from agents.accounting import Budget, Prices
from automem_gym.arguments import add_key_values
from benchmarks.configuration import Configuration
from benchmarks.executors.catalogue import DEFAULT, EXECUTORS, Placement
from benchmarks.memory_span import SPAN, read_span
from benchmarks.models.arguments import add_model_arguments, read_models
from benchmarks.rehearsal import roles_of
from benchmarks.seeds import read_seeds
from benchmarks.session import Means
from benchmarks.suite import load_suite, shipped
from benchmarks.task import Task


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
    add_placement(parser)
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


def add_placement(parser: argparse.ArgumentParser) -> None:
    """Adds the arguments that say where episodes are played; :func:`placement` reads them."""
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


def means(arguments: argparse.Namespace) -> Means:
    """With what the arguments say that the run is played.

    Raises:
        ValueError: They make no sense.
        OSError: The file of prices cannot be read.
    """
    return Means(
        placement(arguments),
        Prices.load(arguments.prices),
        Budget(arguments.budget_usd, arguments.budget_tokens),
        arguments.allow_used_seeds,
        not arguments.no_scenes,
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
