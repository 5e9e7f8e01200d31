"""Put a trained model into a folder as the embedded one: weights, tokenizer, cards, checksums."""

from __future__ import annotations

import argparse
import shutil
import sys
from pathlib import Path

from benchmarks.run import MISTAKE

#: What is taken from where the model was trained.
FILES = (
    *("config.json", "generation_config.json", "model.safetensors"),
    *("tokenizer.json", "tokenizer_config.json", "chat_template.jinja"),
    *("shape.json", "losses.jsonl"),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the arguments of ``automem mini ship``."""
    parser.add_argument("model", type=Path, metavar="MODEL", help="what 'automem mini train' wrote")
    parser.add_argument(
        "--corpus", type=Path, required=True, metavar="DIR", help="what it was trained on"
    )
    parser.add_argument(
        "--before",
        type=Path,
        action="append",
        default=[],
        metavar="DIR",
        help="a model that it went on from, for the card; the first one first",
    )
    parser.add_argument("--note", default="", metavar="TEXT", help="what else the card should say")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR")


def run(arguments: argparse.Namespace) -> int:
    """Runs ``automem mini ship``."""
    from agents.backends.local.place import CHECKSUMS, checksums
    from training.mini.cards import data_card, model_card

    missing = [name for name in FILES if not (arguments.model / name).is_file()]
    if missing:
        print(f"automem: {arguments.model} lacks {', '.join(missing)}", file=sys.stderr)
        return MISTAKE
    out: Path = arguments.out
    out.mkdir(parents=True, exist_ok=True)
    for name in FILES:
        shutil.copyfile(arguments.model / name, out / name)
    stages = [*arguments.before, arguments.model]
    (out / "README.md").write_text(model_card(stages, arguments.note), "utf-8")
    (out / "DATA.md").write_text(data_card(arguments.corpus), "utf-8")
    (out / CHECKSUMS).write_text(checksums(out), "utf-8")
    print(f"{out}: {sum(path.stat().st_size for path in out.iterdir()) / 1e6:.1f} MB")
    return 0
