"""Play the corpus: scripted players with planted habits, in scaffolds that are drawn at random."""

from __future__ import annotations

import argparse
from pathlib import Path

from automem_gym.commands import Mistake
from training.mini.playing import clear_corpus, play_corpus, read_recipe, shipped_recipes


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the arguments of ``automem mini play``."""
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="where to")
    parser.add_argument(
        "--recipe",
        default="broad",
        metavar="NAME|FILE",
        help=f"what is played: {', '.join(shipped_recipes())}, or a TOML file (default: broad)",
    )
    parser.add_argument(
        "--scale", type=float, default=1.0, help="so much of the recipe (default: 1)"
    )
    parser.add_argument(
        "--overwrite", action="store_true", help="remove the corpus, whole or begun, that DIR holds"
    )
    parser.add_argument("--workers", type=int, default=2, help="processes (default: 2)")


def run(arguments: argparse.Namespace) -> int:
    """Runs ``automem mini play``."""
    out: Path = arguments.out
    if not 0 < arguments.scale <= 100 or arguments.workers < 1:
        raise Mistake("--scale is in (0, 100], and --workers 1 or more")
    if arguments.overwrite and out.is_dir():
        clear_corpus(out)
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise Mistake(f"{out} is no empty directory; name another, or --overwrite a corpus in it")
    try:
        recipe = read_recipe(arguments.recipe)
    except (OSError, ValueError) as error:
        raise Mistake(str(error)) from error
    play_corpus(recipe, out, arguments.scale, arguments.workers)
    return 0
