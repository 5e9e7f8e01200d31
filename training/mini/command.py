"""Make the embedded model: play its corpus, train it from scratch, put it into its folder.

All of it from a seed: ``play`` has scripted players with planted habits play the games in scaffolds
that are drawn at random, ``train`` learns a tokenizer and the weights from what they wrote, and
``ship`` puts both into a folder with cards and checksums, as ``--model mini`` loads it. ``audit``
counts what it does with its memory where that player would know what is right.
"""

from __future__ import annotations

import argparse

from automem_gym.commands import Table, add_commands, run_chosen

_COMMANDS: Table = {
    "play": ("training.mini.play_command", "play the corpus"),
    "train": ("training.mini.train_command", "train the tokenizer and the weights"),
    "audit": ("training.mini.audit_command", "count what a run did with its memory"),
    "ship": ("training.mini.ship_command", "put them into a folder, with cards and checksums"),
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the arguments of ``automem mini``."""
    add_commands(parser, _COMMANDS)


#: Runs ``automem mini``.
run = run_chosen
