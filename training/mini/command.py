"""Make the embedded model: play its corpus, train it from scratch, put it into its folder.

All of it from a seed: ``play`` has scripted players with planted habits play the games in scaffolds
that are drawn at random, ``train`` learns a tokenizer and the weights from what they wrote, and
``ship`` puts both into a folder with cards and checksums, as ``--model mini`` loads it.
"""

from __future__ import annotations

import argparse
import importlib

#: Each is a module here, with ``add_arguments(parser)`` and ``run(arguments) -> int``.
_COMMANDS = {
    "play": ("play_command", "play the corpus"),
    "train": ("train_command", "train the tokenizer and the weights"),
    "ship": ("ship_command", "put them into a folder, with cards and checksums"),
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the arguments of ``automem mini``."""
    commands = parser.add_subparsers(metavar="WHAT", required=True)
    for name, (module, summary) in _COMMANDS.items():
        found = importlib.import_module(f"training.mini.{module}")
        command = commands.add_parser(name, help=summary, description=found.__doc__)
        command.formatter_class = argparse.RawDescriptionHelpFormatter
        found.add_arguments(command)
        command.set_defaults(run=found.run)


def run(arguments: argparse.Namespace) -> int:
    """Runs ``automem mini``."""
    status: int = arguments.run(arguments)
    return status
