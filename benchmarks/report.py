"""Shows the results of runs; of several, also how they differ seed by seed from the first."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from benchmarks.run_directory import RunDirectory, RunError
from benchmarks.tables import make_console, print_comparison, print_run


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the arguments of the command."""
    parser.add_argument("runs", nargs="+", type=Path, metavar="RUN", help="run directories")


def run(arguments: argparse.Namespace) -> int:
    """Runs the command.

    Returns:
        The exit status: 0, or 2 where a directory is no run.
    """
    console = make_console()
    try:
        runs = [(path, RunDirectory(path).results()) for path in arguments.runs]
    except (RunError, OSError) as error:
        print(f"automem report: {error}", file=sys.stderr)
        return 2
    for name, results in runs:
        print_run(console, name, results)
    for name, results in runs[1:]:
        print_comparison(console, (str(runs[0][0]), str(name)), runs[0][1], results)
    return 0
