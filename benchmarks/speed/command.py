"""Measures the environments against the raw engines, and the memory, in one process on one core.

Rounds of what is compared alternate, and what is shown is the median: a busy machine slows both.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import sys
import warnings
from pathlib import Path

from benchmarks.provenance import versions
from benchmarks.report.terminal import make_console
from benchmarks.speed.registry import select
from benchmarks.speed.table import print_measured, to_json


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the arguments of the command."""
    parser.add_argument(
        "--only",
        default="",
        metavar="WORD[,WORD...]",
        help="measure what has such a word in its name",
    )
    parser.add_argument(
        "--seconds", type=float, default=3.0, help="time for each comparison (default: 3)"
    )
    parser.add_argument("--out", type=Path, metavar="FILE", help="also write the results as JSON")


def run(arguments: argparse.Namespace) -> int:
    """Runs the command.

    Returns:
        The exit status: 0 if all targets are met, 1 if not, 2 for a mistake in the arguments.
    """
    try:
        subjects = select([word for word in arguments.only.split(",") if word])
        if not 0 < arguments.seconds < math.inf:
            raise ValueError(f"--seconds is more than 0, not {arguments.seconds:g}")
        if arguments.out:
            arguments.out.open("a").close()  # told now, not after the minutes of measuring
    except (ValueError, OSError) as error:
        print(f"automem speed: {error}", file=sys.stderr)
        return 2
    # One core, for this process and those that it starts: threads of numpy must not help anybody.
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    console = make_console()
    measured = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the raw engines warn about themselves
        for subject in subjects:
            console.print(f"[dim]{subject.name} ...[/]", highlight=False)
            measured.append((subject, subject.measure(arguments.seconds)))
    print_measured(console, measured)
    if arguments.out:
        record = {"versions": versions(), "subjects": to_json(measured)}
        arguments.out.write_text(json.dumps(record, indent=1) + "\n", "utf-8")
    return 0 if all(subject.holds(found) for subject, found in measured) else 1
