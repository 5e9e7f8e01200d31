"""Play the corpus: scripted players with planted habits, in scaffolds that are drawn at random."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from benchmarks.run import MISTAKE


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the arguments of ``automem mini play``."""
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="where to")
    parser.add_argument(
        "--scale", type=float, default=1.0, help="so much of the recipe of corpus.toml (default: 1)"
    )
    parser.add_argument("--workers", type=int, default=2, help="processes (default: 2)")


def run(arguments: argparse.Namespace) -> int:
    """Runs ``automem mini play``."""
    from training.mini.playing import play_corpus

    if not 0 < arguments.scale <= 100 or arguments.workers < 1:
        print("automem: --scale is in (0, 100], and --workers 1 or more", file=sys.stderr)
        return MISTAKE
    if arguments.out.exists() and any(arguments.out.iterdir()):
        print(f"automem: {arguments.out} is not empty; name a new directory", file=sys.stderr)
        return MISTAKE
    play_corpus(arguments.out, arguments.scale, arguments.workers)
    return 0
