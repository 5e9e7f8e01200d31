"""The ``automem`` command: the commands of all floors."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from automem_gym import commands
from automem_gym.installation import ForeignPackageError, require_own


def main(argv: Sequence[str] | None = None) -> int:
    """Runs ``automem``; see :func:`automem_gym.commands.main`."""
    try:
        require_own("agents", "benchmarks")
    except ForeignPackageError as error:
        print(f"automem: {error}", file=sys.stderr)
        return 2
    from agents.commands import COMMANDS as AGENTS
    from benchmarks.commands import COMMANDS as BENCHMARKS
    from training.commands import COMMANDS as TRAINING

    return commands.main({**commands.COMMANDS, **AGENTS, **BENCHMARKS, **TRAINING}, argv)
