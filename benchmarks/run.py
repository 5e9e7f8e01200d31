"""Plays episodes with an agent and records them.

Running the same command again goes on where the last one stopped: episodes that were finished are
kept, those that failed or were cut off are played again. The environment's seed is --seeds; the
agent's own randomness is seeded from seed and repeat (numpy's SeedSequence((seed, repeat))), so the
same command gives the same episodes, with any number of workers.
"""

from __future__ import annotations

import argparse
import os
import shlex
import sys
from pathlib import Path

from automem_gym.arguments import add_key_values
from benchmarks.campaign import carry_out, owed
from benchmarks.configuration import Configuration
from benchmarks.local_executor import LocalExecutor
from benchmarks.rehearsal import rehearse
from benchmarks.run_directory import RunDirectory
from benchmarks.seeds import read_seeds
from benchmarks.tables import make_console, print_run
from memory_fs.index import plural

#: Exit statuses: what was asked for makes no sense; episodes are owed; Ctrl-C (128 + SIGINT).
MISTAKE, OWED, INTERRUPTED = 2, 1, 130


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the arguments of the command."""
    parser.add_argument(
        "--env",
        action="append",
        required=True,
        metavar="ID[,ID...]",
        help="environment id, or module:Id; may be given several times",
    )
    parser.add_argument(
        "--agent", default="random", help="random, explorer, or my.module:Agent (default: random)"
    )
    add_key_values(parser, "--agent-arg", "for the agent")
    add_key_values(parser, "--env-arg", "for the environments")
    parser.add_argument("--seeds", required=True, help="for example 42-51, or 1,2,5-9")
    parser.add_argument("--repeats", type=int, default=1, help="times each seed is played")
    parser.add_argument("--out", required=True, type=Path, metavar="DIR", help="the run directory")
    parser.add_argument(
        "--workers", type=int, default=1, help="processes that play at the same time (default: 1)"
    )
    parser.add_argument(
        "--max-game-steps", type=int, help="limit of game steps, in place of the environment's own"
    )
    parser.add_argument(
        "--overwrite", action="store_true", help="remove the run that --out holds, and start anew"
    )
    parser.add_argument(
        "--quiet", action="store_true", help="print little; the default where CI=true is set"
    )


def configuration(arguments: argparse.Namespace) -> Configuration:
    """The settings that the arguments name.

    Raises:
        ValueError: They make no sense.
    """
    env_ids = [part.strip() for text in arguments.env for part in text.split(",")]
    return Configuration(
        env=tuple(dict.fromkeys(env_ids)),
        seeds=read_seeds(arguments.seeds),
        agent=arguments.agent,
        repeats=arguments.repeats,
        max_game_steps=arguments.max_game_steps,
        agent_arg=arguments.agent_arg,
        env_arg=arguments.env_arg,
    )


def run(arguments: argparse.Namespace) -> int:
    """Runs the command.

    Returns:
        The exit status: 0 if every episode has a result, 1 if some are owed, 2 for a mistake in the
        arguments, 130 after Ctrl-C.
    """
    with RunDirectory(arguments.out) as directory:
        return _play(arguments, directory)


def _play(arguments: argparse.Namespace, directory: RunDirectory) -> int:
    console = make_console()
    try:
        settings = configuration(arguments)
        executor = LocalExecutor(arguments.workers)
        rehearse(settings.episodes())
        directory.prepare(settings, arguments.overwrite)
        left = owed(directory)
        outdated = directory.outdated()
    except (ValueError, OSError) as error:
        print(f"automem run: {error}", file=sys.stderr)
        return MISTAKE
    total = len(settings.episodes())
    if len(left) < total:
        console.print(f"{total - len(left)} of {total} episodes are there already")
    for difference, count in outdated.items():
        print(
            f"warning: {plural(count, 'episode')} {difference}; --overwrite plays them again",
            file=sys.stderr,
        )
    quiet = arguments.quiet or os.environ.get("CI", "").lower() == "true"
    try:
        carry_out(directory, executor, console, quiet)
    except KeyboardInterrupt:
        again = shlex.join(word for word in sys.argv if word != "--overwrite")
        console.print("\nstopped; finished episodes are kept. To go on, run the same command:")
        console.print(f"  {again}", markup=False, highlight=False, soft_wrap=True)
        return INTERRUPTED
    print_run(console, arguments.out, directory.results())
    return OWED if owed(directory) else 0
