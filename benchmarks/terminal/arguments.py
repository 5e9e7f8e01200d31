"""The part of ``automem view`` that shows episodes on a terminal."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from rich.console import Console

from benchmarks.run_directory import RunDirectory, RunError
from benchmarks.terminal.cast import write_cast
from benchmarks.terminal.choice import Choice
from benchmarks.terminal.playing import follow, play_back
from benchmarks.trace import Trace, TraceError
from memory_fs.index import plural

#: Turns per second.
SPEED = 10.0


def add_terminal_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the arguments."""
    group = parser.add_argument_group("on the terminal, in place of a page")
    kind = group.add_mutually_exclusive_group()
    kind.add_argument(
        "--follow", action="store_true", help="watch a run that is going on, or will begin"
    )
    kind.add_argument("--play", action="store_true", help="play a recorded episode")
    kind.add_argument(
        "--cast", type=Path, metavar="FILE", help="write a recorded episode as an asciicast (v2)"
    )
    group.add_argument("--env", metavar="ID", help="the episode's environment id, or a part of it")
    group.add_argument("--seed", type=int, help="the episode's seed")
    group.add_argument("--repeat", type=int, help="the episode's repeat")
    group.add_argument(
        "--speed", type=float, default=SPEED, help=f"turns per second (default: {SPEED:g})"
    )


def asks_for_terminal(arguments: argparse.Namespace) -> bool:
    """Whether one of them was given."""
    return bool(arguments.follow or arguments.play or arguments.cast)


def show_on_terminal(arguments: argparse.Namespace, run: Path) -> int:
    """Does what they say.

    Returns:
        The exit status: 0, or 2 where it cannot be done.
    """
    choice = Choice(arguments.env, arguments.seed, arguments.repeat)
    try:
        if not 0 < arguments.speed < float("inf"):
            raise ValueError(f"--speed is {arguments.speed:g}; turns per second are above 0")
        if arguments.follow:
            follow(run, choice, Console())
            return 0
        RunDirectory(run).configuration()  # says so where there is no run
        path = choice.only(run)
        if arguments.play:
            play_back(path, arguments.speed, Console())
            return 0
        count = write_cast(Trace(path), arguments.cast, arguments.speed)
    except KeyboardInterrupt:
        return 0
    except (RunError, TraceError, ValueError, OSError) as error:
        print(f"automem view: {error}", file=sys.stderr)
        return 2
    print(
        f"{arguments.cast}: {plural(count, 'turn')}, {arguments.cast.stat().st_size / 1e6:.1f} MB"
    )
    return 0
