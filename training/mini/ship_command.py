"""Put a trained model into a folder as the embedded one: weights, tokenizer, cards, checksums."""

from __future__ import annotations

import argparse
import json
import shutil
from pathlib import Path

from agents.scaffold.directory import USED_SEEDS
from automem_gym.commands import Mistake
from benchmarks import toml
from benchmarks.seeds import read_seeds
from benchmarks.used_seeds import Used
from training.mini.history import HISTORY, History
from training.reproduce.experiment import load_experiment

#: What is taken from where the model was trained.
FILES = (
    *("config.json", "generation_config.json", "model.safetensors"),
    *("tokenizer.json", "tokenizer_config.json", "chat_template.jinja"),
    *("shape.json", "losses.jsonl"),
)
#: What is written about it, when it is shipped.
CARDS = ("README.md", "DATA.md", HISTORY, USED_SEEDS)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the arguments of ``automem mini ship``."""
    parser.add_argument("model", type=Path, metavar="MODEL", help="what 'automem mini train' wrote")
    parser.add_argument(
        "--corpus",
        type=Path,
        action="append",
        default=[],
        metavar="DIR",
        help="what it was trained on; several times, the first one first; without it, MODEL is one "
        "that was shipped, and its cards go along as they are",
    )
    parser.add_argument(
        "--before",
        type=Path,
        action="append",
        default=[],
        metavar="DIR",
        help="a model that it went on from, for the card; the first one first",
    )
    parser.add_argument(
        "--after",
        type=Path,
        metavar="DIR",
        help="a model that was shipped, from which the first of these went on: the cards begin "
        "with what it had learnt from",
    )
    parser.add_argument(
        "--made",
        type=Path,
        metavar="DIR",
        help="what both loops made for it, laid out as 'automem reproduce --from-scratch' does; "
        "what the arms of the paper's experiment need of it is taken",
    )
    parser.add_argument("--note", default="", metavar="TEXT", help="what else the card should say")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR")


def run(arguments: argparse.Namespace) -> int:
    """Runs ``automem mini ship``."""
    from agents.backends.local.place import CHECKSUMS, checksums

    before = _check(arguments)
    made: Path | None = arguments.made
    out: Path = arguments.out
    out.mkdir(parents=True, exist_ok=True)
    for part in _parts():
        # What was made for another base must not stay beside this one.
        if (out / part).exists():
            shutil.rmtree(out / part)
        if made:
            # Hidden is what a training leaves for itself.
            shutil.copytree(made / part, out / part, ignore=shutil.ignore_patterns(".*"))
            _name_base(out / part, out.resolve().name)
    for name in FILES if arguments.corpus else (*FILES, *CARDS):
        if not (out / name).exists() or not (out / name).samefile(arguments.model / name):
            shutil.copyfile(arguments.model / name, out / name)
    if arguments.corpus:
        _write_cards(arguments, before)
    (out / CHECKSUMS).write_text(checksums(out), "utf-8")
    size = sum(path.stat().st_size for path in out.rglob("*") if path.is_file())
    print(f"{out}: {size / 1e6:.1f} MB")
    return 0


def _check(arguments: argparse.Namespace) -> History:
    """Sees that all is there, before anything is written.

    Returns:
        What the model had learnt from before the first of those that are named.

    Raises:
        Mistake: Something is not, or two arguments do not go together.
    """
    from training.mini.playing import is_corpus

    for stage in (*arguments.before, arguments.model):
        if missing := [name for name in FILES if not (stage / name).is_file()]:
            raise Mistake(f"{stage} lacks {', '.join(missing)}")
    try:
        before = History.read(arguments.after) if arguments.after else History()
    except FileNotFoundError:
        raise Mistake(f"{arguments.after} was not shipped: it lacks {HISTORY}") from None
    except (OSError, ValueError) as error:
        raise Mistake(str(error)) from error
    for corpus in arguments.corpus:
        if not is_corpus(corpus):
            raise Mistake(f"{corpus} holds no corpus that 'automem mini play' has finished")
    made: Path | None = arguments.made
    if made and made.resolve() == arguments.out.resolve():
        raise Mistake(f"--made and --out are both {made}")
    if made and (missing := [part for part in _parts() if not (made / part).is_dir()]):
        raise Mistake(f"{made} lacks {', '.join(missing)}")
    if arguments.corpus:
        return before
    if lacks := [name for name in CARDS if not (arguments.model / name).is_file()]:
        raise Mistake(
            f"{arguments.model} was not shipped before: it lacks {', '.join(lacks)}; name what it "
            "was trained on with --corpus"
        )
    if arguments.before or arguments.after or arguments.note or not made:
        raise Mistake(
            "without --corpus the cards stay as they are: --made is needed, and neither --before "
            "nor --after nor --note can be taken"
        )
    return before


def _write_cards(arguments: argparse.Namespace, before: History) -> None:
    """Writes what is to be said of a model and its corpora, those before it included."""
    from training.mini.cards import data_card, model_card

    out: Path = arguments.out
    history = before.after([*arguments.before, arguments.model], arguments.corpus)
    history.write(out)
    (out / "README.md").write_text(model_card(out, history, arguments.note), "utf-8")
    (out / "DATA.md").write_text(data_card(history), "utf-8")
    used = [
        Used(frozenset([task["env"]]), frozenset(read_seeds(task["seeds"])), "the corpus")
        for corpus in history.corpora
        for task in corpus["tasks"]
    ]
    tables = {"used": [it.to_toml() for it in used]}
    (out / USED_SEEDS).write_text(toml.dumps(tables), "utf-8")


def _name_base(adapter: Path, name: str) -> None:
    """Lets an adapter call its base by the name that it ships under, not by where it stood."""
    config = adapter / "adapter_config.json"
    if not config.is_file():
        return
    base = json.loads(config.read_text("utf-8"))["base_model_name_or_path"]
    if not Path(base).is_absolute():  # a name; as a word it may stand anywhere in these texts
        return
    for path in adapter.iterdir():
        if path.suffix in (".json", ".jsonl", ".md"):
            path.write_text(path.read_text("utf-8").replace(base, name), "utf-8")


def _parts() -> list[str]:
    """What the arms of the paper's experiment need, as paths in the folder of what is made."""
    return sorted({part for arm in load_experiment().arms for part in arm.made})
