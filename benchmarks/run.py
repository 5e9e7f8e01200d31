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

from rich.console import Console

from agents.model import ModelError
from benchmarks.report.model_rows import print_spent
from benchmarks.report.terminal import make_console, print_run
from benchmarks.run_arguments import add_arguments, configuration, means
from benchmarks.session import Session
from memory_fs.index import plural

__all__ = ["add_arguments", "run"]

#: Exit statuses: what was asked for makes no sense; episodes are owed; Ctrl-C (128 + SIGINT).
MISTAKE, OWED, INTERRUPTED = 2, 1, 130


def run(arguments: argparse.Namespace) -> int:
    """Runs the command.

    Returns:
        The exit status: 0 if every episode has a result, 1 if some are owed, 2 for a mistake in the
        arguments, 130 after Ctrl-C.
    """
    console = make_console()
    try:
        try:
            session = Session(
                configuration(arguments), arguments.out, means(arguments), arguments.overwrite
            )
        except (ValueError, OSError, ImportError, ModelError) as error:
            print(f"automem run: {error}", file=sys.stderr)
            return MISTAKE
        with session:
            return _play(arguments, session, console)
    except KeyboardInterrupt:
        again = shlex.join(word for word in sys.argv if word != "--overwrite")
        console.print("\nstopped; what was recorded is kept. To go on, run the same command:")
        console.print(f"  {again}", markup=False, highlight=False, soft_wrap=True)
        return INTERRUPTED


def _play(arguments: argparse.Namespace, session: Session, console: Console) -> int:
    total, left = len(session.directory.results()), session.left
    if left < total:
        console.print(f"{total - left} of {total} episodes are there already")
    for difference, count in session.outdated.items():
        print(
            f"warning: {plural(count, 'episode')} {difference}; --overwrite plays them again",
            file=sys.stderr,
        )
    quiet = arguments.quiet or os.environ.get("CI", "").lower() == "true"
    halt = session.play(console, quiet)
    print_run(console, arguments.out, session.directory.results())
    if session.ledger is not None:
        print_spent(console, session.ledger)
    if halt is not None:
        print(f"automem run: stopped: {halt}", file=sys.stderr)
    return OWED if session.left else 0
