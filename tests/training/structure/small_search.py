"""The command of a small search, for tests of what comes before and after one."""

from __future__ import annotations

import shlex
from pathlib import Path

from automem_gym.commands import main
from training.commands import COMMANDS

_COMMAND = """
structure --env AutoMem-MiniHack-MazeWalk-9x9-v0 --max-game-steps 15 --model scripted:consult=0.3
--executor serial --quiet --gate paper --gate-arg screening=3 --iterations 2 --attempts 1
--continuations 0 --screening-seeds 0-2 --confirmation-seeds 10-40 --report-seeds 50-51
"""


def search(out: Path, *more: str) -> int:
    return main(COMMANDS, [*shlex.split(_COMMAND), "--out", str(out), *more])


def canned(out: Path, changes: str) -> list[str]:
    """Arguments for a reviewer of :mod:`canned_reviewers`."""
    given = {"changes": changes, "log": str(out.with_suffix(".log"))}
    words = [word for name in given for word in ("--reviewer-arg", f"{name}={given[name]}")]
    return ["--reviewer", "canned_reviewers:Canned", *words]
