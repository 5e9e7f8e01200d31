"""Shows a run: as a replay page, which any browser opens, or on the terminal."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.replay import build_page
from benchmarks.replay.episode_data import episode_data
from benchmarks.run_directory import RunDirectory, RunError
from benchmarks.terminal.arguments import (
    add_terminal_arguments,
    asks_for_terminal,
    show_on_terminal,
)
from benchmarks.trace import Trace, TraceError
from memory_fs.index import plural


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the arguments of the command."""
    parser.add_argument("run", type=Path, metavar="RUN", help="the run directory")
    parser.add_argument(
        "-o", "--out", type=Path, metavar="FILE", help="the page (default: RUN/replay.html)"
    )
    add_terminal_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """Runs the command.

    Returns:
        The exit status: 0, or 2 where the directory is no run or the page cannot be written.
    """
    if asks_for_terminal(arguments):
        return show_on_terminal(arguments, arguments.run)
    directory = RunDirectory(arguments.run)
    out: Path = arguments.out or arguments.run / "replay.html"
    try:
        episodes = list(_episodes(directory))
        out.write_text(build_page(arguments.run.resolve().name, episodes), encoding="utf-8")
    except (RunError, OSError) as error:
        print(f"automem view: {error}", file=sys.stderr)
        return 2
    size = out.stat().st_size / 1e6
    print(f"{out}: {plural(len(episodes), 'episode')}, {size:.1f} MB; open it in a browser")
    return 0


def _episodes(directory: RunDirectory) -> Iterator[dict[str, Any]]:
    """The recorded episodes; a damaged trace is named, and does not keep the others away."""
    for episode, result in directory.results():
        path = directory.trace(episode)
        if path.exists():
            try:
                yield episode_data(episode, result, Trace(path))
            except TraceError as error:
                print(f"left out: {error}", file=sys.stderr)
