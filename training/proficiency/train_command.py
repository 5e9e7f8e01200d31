"""Train a memory specialist: a LoRA adapter, on examples that were selected from recorded runs.

Running the same command again goes on where the last one stopped. DIR holds the adapter, its card
(README.md), training.json and losses.jsonl. Several processes, such as one for each GPU:

  torchrun --nproc-per-node 2 -m training.proficiency.train --model DIR --data FILE --out DIR
"""

from __future__ import annotations

import argparse
import shlex
import sys
import tomllib
from dataclasses import fields
from pathlib import Path

from agents.model import ModelError, ModelSpec
from automem_gym.arguments import add_key_values
from benchmarks.run import INTERRUPTED, MISTAKE, OWED
from training.proficiency.example import ExampleError
from training.proficiency.launching import LaunchError
from training.proficiency.lora_recipe import LoraRecipe

#: Begins the line that says why no adapter came of a recipe.
FAILED = "automem train: no adapter was made: "


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the arguments of ``automem train``."""
    parser.add_argument("--model", required=True, metavar="DIR", help="the base, as it plays")
    parser.add_argument("--data", required=True, type=Path, metavar="FILE", help="the examples")
    parser.add_argument("--out", required=True, type=Path, metavar="DIR", help="for the adapter")
    add_key_values(parser, "--model-arg", "for the base, such as chat_template=chatml")
    names = ", ".join(entry.name for entry in fields(LoraRecipe))
    group = parser.add_argument_group("the recipe", f"Its entries are {names}.")
    group.add_argument("--recipe", type=Path, metavar="FILE.toml", help="entries of the recipe")
    add_key_values(group, "--set", "one entry, such as rank=32; it goes before the file's")
    group = parser.add_argument_group("the training")
    group.add_argument("--scaffold", default="", metavar="DIGEST", help="for the record")
    for name, about in (("evaluate", "evaluations"), ("save", "checkpoints")):
        group.add_argument(
            f"--{name}-every", type=int, default=20, metavar="STEPS", help=f"between {about} (20)"
        )
    group.add_argument(
        "--report-to",
        action="append",
        metavar="NAME",
        help="a service that is told of the losses, such as wandb, or none (default: TensorBoard)",
    )
    group.add_argument("--processes", type=int, metavar="N", help="how many there have to be")


def run(arguments: argparse.Namespace) -> int:
    """Runs ``automem train``.

    Returns:
        0 where there is an adapter, 1 where it could not be trained, 2 for a mistake in the
        arguments, 130 after Ctrl-C.
    """
    # Here, as torch takes seconds to load: not for a mistake, and not for --help.
    from training.proficiency.trainer import TrainingError, train

    try:
        recipe = read_recipe(arguments)
        result = train(
            ModelSpec.parse(arguments.model, options=arguments.model_arg),
            arguments.data,
            arguments.out,
            recipe,
            scaffold=arguments.scaffold,
            evaluate_every=arguments.evaluate_every,
            save_every=arguments.save_every,
            report_to=arguments.report_to,
            processes=arguments.processes,
        )
    except TrainingError as error:
        print(f"{FAILED}{' '.join(str(error).split())}", file=sys.stderr)
        return OWED
    except (ExampleError, LaunchError, ModelError, OSError, ValueError) as error:
        print(f"automem train: {error}", file=sys.stderr)
        return MISTAKE
    except KeyboardInterrupt:
        print("\nstopped; to go on from the last checkpoint, run the same command:")
        print(f"  {shlex.join(sys.argv)}")
        return INTERRUPTED
    from training.proficiency.launching import is_first

    if is_first():
        print(f"{result.adapter}: the adapter; {result.steps} steps")
    return 0


def read_recipe(arguments: argparse.Namespace) -> LoraRecipe:
    """The recipe that the arguments name.

    Raises:
        ValueError: It makes no sense.
        OSError: Its file cannot be read.
    """
    entries = {}
    if arguments.recipe is not None:
        try:
            entries = tomllib.loads(arguments.recipe.read_text(encoding="utf-8"))
        except tomllib.TOMLDecodeError as error:
            raise ValueError(f"--recipe {arguments.recipe}: {error}") from error
    return LoraRecipe.from_toml({**entries, **arguments.set})
