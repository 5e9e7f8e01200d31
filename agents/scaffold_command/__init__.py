"""List, check, show and copy scaffolds: what surrounds a model that plays with a memory.

A SCAFFOLD is the name of a shipped one, such as generic/v0, or a directory.
"""

from __future__ import annotations

import argparse
import importlib

#: Each is a module here, with ``add_arguments(parser)`` and ``run(arguments) -> int``.
_COMMANDS = {
    "list": ("listing", "the scaffolds that ship with the package"),
    "check": ("check", "load a scaffold, render each prompt in a short game, say what is wrong"),
    "show": ("show", "show each prompt as it looks in a short game"),
    "new": ("new", "copy a scaffold, with all that it inherits, to start one of your own"),
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the arguments of ``automem scaffold``."""
    commands = parser.add_subparsers(metavar="WHAT", required=True)
    for name, (module, summary) in _COMMANDS.items():
        found = importlib.import_module(f"agents.scaffold_command.{module}")
        command = commands.add_parser(name, help=summary, description=found.__doc__)
        command.formatter_class = argparse.RawDescriptionHelpFormatter
        found.add_arguments(command)
        command.set_defaults(run=found.run)


def run(arguments: argparse.Namespace) -> int:
    """Runs ``automem scaffold``."""
    status: int = arguments.run(arguments)
    return status
