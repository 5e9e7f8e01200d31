"""The command line of a floor: a table of commands, each a module that is imported when it runs."""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from automem_gym import __version__

#: Command name to (module, what it does). The module has ``add_arguments(parser)`` and
#: ``run(arguments) -> int``.
Table = Mapping[str, tuple[str, str]]

COMMANDS: Table = {
    "play": ("automem_gym.play", "play an environment by hand, and see what an agent sees"),
}


class Mistake(Exception):
    """A mistake of the person at the command line; it is answered by its message alone."""


def main(table: Table, argv: Sequence[str] | None = None, program: str = "automem") -> int:
    """Runs the command that the arguments name.

    Args:
        table: The commands.
        argv: The arguments; those of the process by default.
        program: Name of the program, for help texts.

    Returns:
        The exit status: 0 for success, 2 for a mistake in the arguments.
    """
    arguments = list(sys.argv[1:] if argv is None else argv)
    # As `python -m` does, so that a user's own module:Name beside them is found; last, so that a
    # folder of theirs cannot take the place of one of our packages.
    if not {"", str(Path.cwd())} & set(sys.path):
        sys.path.append(str(Path.cwd()))
    listing = "\n".join(f"  {name:12}{summary}" for name, (_, summary) in table.items())
    top = argparse.ArgumentParser(
        program,
        description="Agents that learn to use their memory.",
        epilog=f"commands:\n{listing}\n\n'{program} COMMAND --help' tells more.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    top.add_argument("--version", action="version", version=f"automem-gym {__version__}")
    top.add_argument("command", choices=table, metavar="COMMAND", help="one of those below")
    chosen = top.parse_args(arguments[:1]).command
    module_name, summary = table[chosen]
    module = importlib.import_module(module_name)
    parser = argparse.ArgumentParser(f"{program} {chosen}", description=module.__doc__ or summary)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    module.add_arguments(parser)
    parsed = parser.parse_args(arguments[1:])
    try:
        status: int = module.run(parsed)
    except Mistake as mistake:
        print(f"{program} {chosen}: {mistake}", file=sys.stderr)
        return 2
    return status


def add_commands(parser: argparse.ArgumentParser, table: Table) -> None:
    """Adds commands of a command; :func:`run_chosen` runs the one that was chosen.

    Args:
        parser: Of the command.
        table: Its own commands.
    """
    commands = parser.add_subparsers(metavar="WHAT", required=True)
    for name, (module_name, summary) in table.items():
        module = importlib.import_module(module_name)
        command = commands.add_parser(name, help=summary, description=module.__doc__)
        command.formatter_class = argparse.RawDescriptionHelpFormatter
        module.add_arguments(command)
        command.set_defaults(run=module.run)


def run_chosen(arguments: argparse.Namespace) -> int:
    """Runs the command of a command that the arguments name."""
    status: int = arguments.run(arguments)
    return status
