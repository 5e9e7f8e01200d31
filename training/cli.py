"""The ``automem`` command: the commands of all floors."""

from __future__ import annotations

from collections.abc import Sequence

from automem_gym import commands
from automem_gym.installation import require_own


def main(argv: Sequence[str] | None = None) -> int:
    """Runs ``automem``; see :func:`automem_gym.commands.main`."""
    require_own("agents", "benchmarks")
    from benchmarks.commands import COMMANDS as BENCHMARKS

    return commands.main({**commands.COMMANDS, **BENCHMARKS}, argv)
