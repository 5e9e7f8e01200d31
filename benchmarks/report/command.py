"""Shows the results of runs; of several, also how they differ seed by seed from the first."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from benchmarks.report.formats import FORMATS
from benchmarks.report.page import write_page
from benchmarks.report.report import make_report
from benchmarks.report.terminal import make_console, print_table
from benchmarks.run_directory import RunDirectory, RunError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the arguments of the command."""
    parser.add_argument("runs", nargs="+", type=Path, metavar="RUN", help="run directories")
    parser.add_argument(
        "--format", choices=["table", *FORMATS], default="table", help="how (default: table)"
    )
    parser.add_argument(
        "--html", type=Path, metavar="FILE", help="write a page with the tables and with plots"
    )
    parser.add_argument(
        "--published", action="store_true", help="show published figures beside the runs'"
    )


def run(arguments: argparse.Namespace) -> int:
    """Runs the command.

    Returns:
        The exit status: 0, or 2 where a directory is no run or the page cannot be written.
    """
    paths: list[Path] = arguments.runs
    try:
        report = make_report(
            paths, [RunDirectory(path).results() for path in paths], arguments.published
        )
        if arguments.html:
            write_page(report, arguments.html)
            print(f"{arguments.html}: open it in a browser")
            return 0
    except (RunError, OSError) as error:
        print(f"automem report: {error}", file=sys.stderr)
        return 2
    if arguments.format == "table":
        console = make_console()
        for table in report.tables:
            print_table(console, table)
    else:
        sys.stdout.write(FORMATS[arguments.format](report))
    return 0
