"""Makes a replay page of a run: one HTML file, to open in any browser."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from benchmarks.replay import build_page
from benchmarks.replay.episode_data import episode_data
from benchmarks.run_directory import RunDirectory, RunError
from benchmarks.trace import Trace, TraceError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the arguments of the command."""
    parser.add_argument("run", type=Path, metavar="RUN", help="the run directory")
    parser.add_argument(
        "-o", "--out", type=Path, metavar="FILE", help="the page (default: RUN/replay.html)"
    )


def run(arguments: argparse.Namespace) -> int:
    """Runs the command.

    Returns:
        The exit status: 0, or 2 where the directory is no run or a trace is damaged.
    """
    directory = RunDirectory(arguments.run)
    out: Path = arguments.out or arguments.run / "replay.html"
    try:
        episodes = [
            episode_data(episode, result, Trace(directory.trace(episode)))
            for episode, result in directory.results()
            if directory.trace(episode).exists()
        ]
        out.write_text(build_page(str(arguments.run), episodes), encoding="utf-8")
    except (RunError, TraceError, OSError) as error:
        print(f"automem view: {error}", file=sys.stderr)
        return 2
    size = out.stat().st_size / 1e6
    print(f"{out}: {len(episodes)} episodes, {size:.1f} MB; open it in a browser")
    return 0
