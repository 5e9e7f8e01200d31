"""``python -m training.mini RUN [RUN ...] --out DIR``: trains a small model on recorded runs."""

from __future__ import annotations

import argparse
from dataclasses import fields
from pathlib import Path

from training.mini.conversations import conversations
from training.mini.pretraining import pretrain
from training.mini.shape import MiniShape


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m training.mini", description=__doc__)
    parser.add_argument("runs", nargs="+", type=Path, metavar="RUN")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR")
    parser.add_argument("--start", type=Path, metavar="DIR", help="a model to go on from")
    for entry in fields(MiniShape):
        name = f"--{entry.name.replace('_', '-')}"
        parser.add_argument(name, type=type(entry.default), default=entry.default)
    given = vars(parser.parse_args())
    runs, out, start = given.pop("runs"), given.pop("out"), given.pop("start")
    pretrain(list(conversations(runs)), MiniShape(**given), out, start=start)


if __name__ == "__main__":
    main()
