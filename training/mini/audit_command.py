"""Count what a model did with its memory where the player of its corpus knows what is right."""

from __future__ import annotations

import argparse
from pathlib import Path

from automem_gym.commands import Mistake
from benchmarks.report.table import Cell, Row, Table
from benchmarks.report.terminal import make_console, print_table
from benchmarks.run_directory import RunError
from benchmarks.short_ids import short_ids
from benchmarks.trace import TraceError
from training.mini.audit import SHARES, audit


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the arguments of ``automem mini audit``."""
    parser.add_argument(
        "runs", nargs="+", type=Path, metavar="RUN", help="run directories, of brief scaffolds"
    )


def run(arguments: argparse.Namespace) -> int:
    """Runs ``automem mini audit``."""
    console = make_console()
    for path in arguments.runs:
        try:
            found = audit(path)
        except (RunError, TraceError, OSError) as error:
            raise Mistake(str(error)) from error
        rows = tuple(
            Row(about, tuple(_share(counts[done], counts[of]) for counts in found.values()))
            for about, done, of in SHARES
        )
        columns = ("", *short_ids(list(found)))
        print_table(console, Table(str(path), columns, rows))
    return 0


def _share(done: int, of: int) -> Cell:
    return Cell(f"{done:,} of {of:,} ({done / of:.0%})", done / of) if of else Cell("-")
