"""Hand in a revision that was made by hand, for a search with --reviewer manual.

It is checked first; what is wrong with it is told, and nothing is handed in.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from agents.scaffold import ScaffoldError
from training.structure.attempt_store import AttemptStore, read_files
from training.structure.directory import SearchDirectory
from training.structure.opening import checker
from training.structure.reviewers.manual import REVISION, submit
from training.structure.settings import SearchSettings


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
        number = len(store.attempts()) + 1
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
        if problems := checker(root, settings).problems(read_files(folder / REVISION)):
            print("\n".join(problems), file=sys.stderr)
            return 1
        submit(folder, words)
    except (ScaffoldError, ValueError, OSError) as error:
        print(f"automem submit: {error}", file=sys.stderr)
        return 2
    print(f"handed in as attempt {number}; run the same 'automem structure' command to go on")
    return 0
