"""Train a small model from scratch, or go on with one: the tokenizer and the weights."""

from __future__ import annotations

import argparse
import random
from dataclasses import fields
from pathlib import Path

from automem_gym.commands import Mistake
from benchmarks.run_directory import RunError
from benchmarks.trace import TraceError
from training.mini.shape import MiniShape


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the arguments of ``automem mini train``."""
    parser.add_argument(
        "sources",
        nargs="+",
        type=Path,
        metavar="DIR",
        help="what 'automem mini play' wrote, or run directories of 'automem run'",
    )
    parser.add_argument("--out", type=Path, required=True, metavar="DIR")
    parser.add_argument("--start", type=Path, metavar="DIR", help="a model to go on from")
    parser.add_argument(
        "--keep-names",
        action="store_true",
        help="leave the names of memory files as they were played, not drawn anew and again",
    )
    group = parser.add_argument_group(
        "the model, and how long it learns (see training/mini/shape.py)"
    )
    for entry in fields(MiniShape):
        name = f"--{entry.name.replace('_', '-')}"
        group.add_argument(
            name,
            type=type(entry.default),
            default=entry.default,
            help=f"(default: {entry.default})",
        )


def run(arguments: argparse.Namespace) -> int:
    """Runs ``automem mini train``."""
    from training.mini.conversations import conversations
    from training.mini.playing import is_corpus, read_corpus
    from training.mini.pretraining import pretrain
    from training.mini.renaming import renamed

    try:
        shape = MiniShape(**{it.name: getattr(arguments, it.name) for it in fields(MiniShape)})
        talks = [
            talk
            for source in arguments.sources
            for talk in (read_corpus(source) if is_corpus(source) else conversations([source]))
        ]
        if not arguments.keep_names:
            talks = list(renamed(talks, random.Random(shape.seed)))
        pretrain(talks, shape, arguments.out, start=arguments.start)
    except (ValueError, OSError, RunError, TraceError) as error:
        raise Mistake(str(error)) from error
    return 0
