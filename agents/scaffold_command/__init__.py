"""List, check, show and copy scaffolds: what surrounds a model that plays with a memory.

A SCAFFOLD is the name of a shipped one, such as generic/v0, or a directory.
"""

from __future__ import annotations

import argparse

from automem_gym.commands import Table, add_commands, run_chosen

_COMMANDS: Table = {
    "list": ("agents.scaffold_command.listing", "the scaffolds that ship with the package"),
    "check": (
        "agents.scaffold_command.check",
        "load a scaffold, render each prompt in a short game, say what is wrong",
    ),
    "show": ("agents.scaffold_command.show", "show each prompt as it looks in a short game"),
    "new": (
        "agents.scaffold_command.new",
        "copy a scaffold, with all that it inherits, to start one of your own",
    ),
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the arguments of ``automem scaffold``."""
    add_commands(parser, _COMMANDS)


#: Runs ``automem scaffold``.
run = run_chosen
