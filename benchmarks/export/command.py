"""Writes a run in another format: BALROG's results, or Parquet for analysis."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from benchmarks.export.balrog import write_balrog
from benchmarks.export.parquet import write_parquet
from benchmarks.run_directory import RunDirectory, RunError
from benchmarks.trace import TraceError
from memory_fs.index import plural

FORMATS: Mapping[str, Callable[[RunDirectory, Path], int]] = {
    "balrog": write_balrog,
    "parquet": write_parquet,
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the arguments of the command."""
    parser.add_argument("run", type=Path, metavar="RUN", help="the run directory")
    parser.add_argument("--format", required=True, choices=list(FORMATS), help="which format")
    parser.add_argument("out", type=Path, metavar="OUT", help="a new directory")


def run(arguments: argparse.Namespace) -> int:
    """Runs the command.

    Returns:
        The exit status: 0; 1 where the run owes episodes, which are not in what was written; 2
        where it cannot be written.
    """
    out: Path = arguments.out
    try:
        if out.exists() and any(out.iterdir()):
            raise ValueError(f"{out} is not empty; name a new directory")
        run_directory = RunDirectory(arguments.run)
        results = run_directory.results()
        owed = sum(result is None or bool(result.error) for _, result in results)
        count = FORMATS[arguments.format](run_directory, out)
    except (RunError, TraceError, ValueError, OSError, ImportError) as error:
        print(f"automem export: {error}", file=sys.stderr)
        return 2
    print(f"{out}: {plural(count, 'episode')}")
    if owed:
        print(f"owed: {plural(owed, 'episode')}, not in it", file=sys.stderr)
    return 1 if owed else 0
