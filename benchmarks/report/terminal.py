"""Tables on the terminal."""

from __future__ import annotations

from pathlib import Path

import rich.table
from rich.console import Console
from rich.markup import escape

from benchmarks.report.run_table import run_table
from benchmarks.report.table import Table
from benchmarks.summary import Results
from benchmarks.terminal.plain_text import plain_lines

#: Width of what is printed to a file or a pipe, in characters; a table must not be cut there.
_FILE_WIDTH = 160


def make_console() -> Console:
    """The console of a command: as wide as the terminal, or wide where there is none."""
    console = Console()
    return console if console.is_terminal else Console(width=_FILE_WIDTH)


def print_table(console: Console, table: Table) -> None:
    """Prints a table, and what is to be said below it.

    Models and games wrote some of it: nothing of that commands the terminal.
    """
    shown = rich.table.Table(title=_text(table.title), title_justify="left", title_style="bold")
    for number, header in enumerate(table.columns):
        shown.add_column(_text(header), justify="right" if number else "left", overflow="fold")
    for row in table.rows:
        shown.add_row(_text(row.label), *(_text(cell.text) for cell in row.cells))
    console.print(shown)
    for words, style in ((table.warnings, "red"), (table.notes, "")):
        for line in words:
            console.print(
                plain_lines(line), style=style, markup=False, highlight=False, soft_wrap=True
            )


def _text(text: str) -> str:
    return escape(plain_lines(text))


def print_run(console: Console, path: Path, results: Results) -> None:
    """Prints the results of a run, a column an environment, and the episodes it owes."""
    print_table(console, run_table(path, results))
