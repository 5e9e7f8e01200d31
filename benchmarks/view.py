"""Shows runs: as a replay page, which any browser opens, or on the terminal."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from benchmarks.replay import write_replay
from benchmarks.run_directory import RunError
from benchmarks.terminal.arguments import (
    add_terminal_arguments,
    asks_for_terminal,
    show_on_terminal,
)
from memory_fs.index import plural


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the arguments of the command."""
    parser.add_argument(
        "runs",
        nargs="+",
        type=Path,
        metavar="RUN",
        help="run directories; a page shows several side by side, on the same seeds",
    )
    parser.add_argument(
        "-o", "--out", type=Path, metavar="FILE", help="the page (default: RUN/replay.html)"
    )
    add_terminal_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """Runs the command.

    Returns:
        The exit status: 0, or 2 where a directory is no run, the page cannot be written, or the
        terminal is to show several runs.
    """
    runs: list[Path] = arguments.runs
    if asks_for_terminal(arguments):
        if len(runs) == 1:
            return show_on_terminal(arguments, runs[0])
        told = "--follow, --play and --cast show one run; a page shows several"
        print(f"automem view: {told}", file=sys.stderr)
        return 2
    out: Path = arguments.out or runs[0] / "replay.html"
    try:
        count = write_replay(runs, out, lambda problem: print(problem, file=sys.stderr))
    except (RunError, OSError) as error:
        print(f"automem view: {error}", file=sys.stderr)
        return 2
    size = out.stat().st_size / 1e6
    print(f"{out}: {plural(count, 'episode')}, {size:.1f} MB; open it in a browser")
    return 0
