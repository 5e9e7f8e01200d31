"""Select the answers of recorded episodes that are worth learning (a stage of loop 2).

Writes examples.jsonl, selection.json and REPORT.md: what was kept, what was dropped, and why. Every
target is made of pieces of a recorded answer, and carries the digest of its call.
"""

from __future__ import annotations

import argparse
import sys
import tomllib
from dataclasses import fields
from pathlib import Path
from typing import Any

from agents.sandbox import ConfinementError
from automem_gym.arguments import add_key_values
from benchmarks.run import MISTAKE, OWED
from benchmarks.run_directory import RunError
from benchmarks.trace import TraceError
from training.proficiency.example import ExampleError, read_examples
from training.proficiency.post_processing import TargetError
from training.proficiency.selection import SelectionError, select
from training.proficiency.selection_folder import REPORT, write_selection
from training.proficiency.selection_settings import SelectionSettings
from training.proficiency.selectors import SELECTORS, SelectorError
from training.proficiency.verification import verify


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the arguments of ``automem select``."""
    parser.add_argument("runs", nargs="+", type=Path, metavar="RUN", help="recorded runs")
    parser.add_argument("--out", required=True, type=Path, metavar="DIR")
    parser.add_argument("--scaffold", default="", help="with which they must have been recorded")
    known = ", ".join(SELECTORS)
    parser.add_argument(
        "--selector",
        help=f"{known}, a file NAME.py (in the sandbox), or my.module:Selector (criteria)",
    )
    add_key_values(parser, "--selector-arg", "for the selector, such as read_later=2")
    parser.add_argument("--settings", type=Path, metavar="FILE.toml", help="settings in a file")
    names = ", ".join(it.name for it in fields(SelectionSettings) if "selector" not in it.name)
    add_key_values(parser, "--set", f"one setting: {names}")
    parser.add_argument("--workers", type=int, default=1, help="processes that read (1)")
    about = "read the traces once more, and compare the data set with them"
    parser.add_argument("--verify", action="store_true", help=about)


def run(arguments: argparse.Namespace) -> int:
    """Runs ``automem select``."""
    try:
        if arguments.workers < 1:
            raise ValueError(f"--workers is 1 or more, not {arguments.workers}")
        settings = _settings(arguments)
    except (OSError, ValueError) as error:
        print(f"automem select: {error}", file=sys.stderr)
        return MISTAKE
    try:
        found = select(arguments.runs, settings, arguments.scaffold, arguments.workers)
        path = write_selection(arguments.out, found)
        if arguments.verify:
            verify(read_examples(path), arguments.runs)
    except (
        *(SelectionError, SelectorError, TargetError, ConfinementError),
        *(ExampleError, RunError, TraceError, OSError),
    ) as error:
        print(f"automem select: {error}", file=sys.stderr)
        return OWED
    kept = ", ".join(f"{count:,} {routine}" for routine, count in sorted(found.kept.items()))
    print(f"{path}: {len(found.examples):,} of {sum(found.answers.values()):,} answers ({kept})")
    # Whoever mixes runs, or trains another base than played, is to see it.
    print(f"answered by {', '.join(found.models)}")
    print(f"{arguments.out / REPORT} tells what was dropped, and why")
    return 0


def _settings(arguments: argparse.Namespace) -> SelectionSettings:
    """The settings: those of the file, and above them those of the command line."""
    table: dict[str, Any] = {}
    if arguments.settings is not None:
        try:
            table = tomllib.loads(arguments.settings.read_text("utf-8"))
        except ValueError as error:
            raise ValueError(f"--settings {arguments.settings}: {error}") from error
    if arguments.selector is not None:
        table["selector"] = arguments.selector
    if arguments.selector_arg:
        table["selector_arg"] = arguments.selector_arg
    return SelectionSettings.from_toml({**table, **arguments.set})
