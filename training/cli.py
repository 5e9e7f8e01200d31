"""The ``automem`` command: the commands of all floors."""

from __future__ import annotations

from collections.abc import Sequence

from automem_gym import commands
from benchmarks.commands import COMMANDS as BENCHMARKS


def main(argv: Sequence[str] | None = None) -> int:
    """Runs ``automem``; see :func:`automem_gym.commands.main`."""
    return commands.main({**commands.COMMANDS, **BENCHMARKS}, argv)
