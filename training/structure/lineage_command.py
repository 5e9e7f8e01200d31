"""Shows the lineage of a search: what was tried, why, and what came of it.

The lineage is a git repository in the search's directory, so that git tells everything as well:
'git -C DIR/lineage log --graph --all', or 'git -C DIR/lineage diff tried-003~1 tried-003'.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from benchmarks.report.table import Cell, Row, Table
from benchmarks.report.terminal import make_console, print_table
from benchmarks.terminal.plain_text import plain_lines
from training.structure.attempt import Attempt
from training.structure.attempt_store import AttemptStore
from training.structure.directory import SearchDirectory
from training.structure.lineage import diff_of
from training.structure.lineage_page import write_lineage_page
from training.structure.settings import SearchSettings
from training.structure.words import markdown

COLUMNS = (
    "attempt",
    "verdict",
    "before, %",
    "with it, %",
    "fresh seeds",
    "USD",
    "what was changed",
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the arguments of ``automem lineage``."""
    parser.add_argument("search", type=Path, metavar="DIR", help="the directory of a search")
    parser.add_argument("--attempt", type=int, metavar="N", help="tell all of one attempt")
    parser.add_argument("--html", type=Path, metavar="FILE", help="write a page")


def run(arguments: argparse.Namespace) -> int:
    """Runs ``automem lineage``."""
    try:
        root: Path = arguments.search
        settings = SearchDirectory(root, SearchSettings).settings()
        attempts = AttemptStore(root).attempts()
        if arguments.html is not None:
            diffs = {it.number: diff_of(root / "lineage", it.number) for it in attempts}
            write_lineage_page(str(root), settings, attempts, diffs, arguments.html)
            print(f"{arguments.html}: open it in a browser")
        elif arguments.attempt is not None:
            if not 1 <= arguments.attempt <= len(attempts):
                raise ValueError(f"--attempt is from 1 to {len(attempts)} here")
            told = markdown(attempts[arguments.attempt - 1])
            changed = diff_of(root / "lineage", arguments.attempt)
            # Reviewers wrote it, and may have been told what to write.
            print(plain_lines(f"{told}\n{changed}"))
        else:
            print_table(make_console(), lineage_table(str(root), attempts))
    except (ValueError, OSError) as error:
        print(plain_lines(f"automem lineage: {error}"), file=sys.stderr)
        return 2
    return 0


def lineage_table(title: str, attempts: list[Attempt]) -> Table:
    """The attempts of a search, a row each."""
    return Table(title, COLUMNS, tuple(map(_row, attempts)))


def _row(attempt: Attempt) -> Row:
    title = attempt.revision.title if attempt.revision else attempt.reason
    cost = attempt.cost.get("usd", 0.0)
    return Row(
        f"{attempt.number:03}",
        (
            Cell(attempt.verdict, attempt.verdict),
            *(_score(attempt.scores.get(side)) for side in ("parent", "revision")),
            Cell("played" if attempt.confirmation else "", str(attempt.confirmation)),
            Cell(f"{cost:.2f}", cost),
            Cell(title, title),
        ),
    )


def _score(share: float | None) -> Cell:
    return Cell("" if share is None else f"{100 * share:.1f}", share)
