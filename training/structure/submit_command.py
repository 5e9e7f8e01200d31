"""Hand in a revision that was made by hand, for a search with --reviewer manual.

It is checked first; what is wrong with it is told, and nothing is handed in.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from agents.scaffold import ScaffoldError
from benchmarks.terminal.plain_text import plain_lines
from training.structure.attempt import Attempt
from training.structure.attempt_store import AttemptStore, read_files
from training.structure.directory import SearchDirectory
from training.structure.opening import checker
from training.structure.reviewers.manual import REVISION, submit
from training.structure.revision_words import word_problems
from training.structure.settings import SearchSettings
from training.structure.workspace.recordings import FAILED, PARENT, Recordings
from training.structure.workspace.references import reference_problems


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the arguments of ``automem submit``."""
    parser.add_argument("search", type=Path, metavar="DIR", help="the directory of a search")
    parser.add_argument("--title", required=True, help="what was changed, in a line")
    parser.add_argument("--analysis", required=True, type=Path, metavar="FILE")
    parser.add_argument("--method", required=True, type=Path, metavar="FILE")


def run(arguments: argparse.Namespace) -> int:
    """Runs ``automem submit``."""
    root: Path = arguments.search
    try:
        settings = SearchDirectory(root, SearchSettings).settings()
        store = AttemptStore(root)
        attempts = store.attempts()
        number = len(attempts) + 1
        folder = store.review(number)
        if not (folder / REVISION).is_dir():
            raise ValueError(
                f"{root} waits for no revision: run 'automem structure' with --reviewer manual"
            )
        words = {
            "title": arguments.title,
            "analysis": arguments.analysis.read_text("utf-8"),
            "method": arguments.method.read_text("utf-8"),
        }
        validator = checker(root, settings)
        recordings = Recordings({PARENT: validator.run, **_failed(attempts)})
        problems = [
            *word_problems(words),
            *reference_problems(words["analysis"], recordings),
            *validator.problems(read_files(folder / REVISION)),
        ]
        if problems:
            print(plain_lines("\n".join(problems)), file=sys.stderr)
            return 1
        submit(folder, {name: text.strip() for name, text in words.items()})
    except (ScaffoldError, ValueError, OSError) as error:
        print(plain_lines(f"automem submit: {error}"), file=sys.stderr)
        return 2
    print(f"handed in as attempt {number}; run the same 'automem structure' command to go on")
    return 0


def _failed(attempts: Sequence[Attempt]) -> dict[str, Path]:
    """The run of the revision that this one may go on from, whose episodes it may tell of."""
    last = attempts[-1] if attempts else None
    if last is None or last.run is None or last.verdict == "kept":
        return {}
    return {FAILED: last.run}
