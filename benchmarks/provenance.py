"""What a run was made with: versions and commit."""

from __future__ import annotations

import platform
import re
import subprocess
from importlib.metadata import PackageNotFoundError, requires, version

import automem_gym

_DISTRIBUTION = "automem-gym"


def versions() -> dict[str, str]:
    """Versions of Python, of this package and of the packages that it requires."""
    found = {"python": platform.python_version(), _DISTRIBUTION: automem_gym.__version__}
    try:
        required = requires(_DISTRIBUTION) or []
    except PackageNotFoundError:  # run from a source tree that is not installed
        required = []
    for line in required:
        name = re.match(r"[\w.\-]+", line)
        if name and "extra ==" not in line:
            found[name[0]] = version(name[0])
    return found


def commit() -> str:
    """The git commit of the working directory; empty outside a repository.

    Returns:
        The commit's hash, followed by ``+changes`` where tracked files differ from it.
    """
    head = _git("rev-parse", "HEAD")
    changes = "+changes" if head and _git("status", "--porcelain", "--untracked-files=no") else ""
    return head + changes


def _git(*arguments: str) -> str:
    try:
        done = subprocess.run(
            ["git", *arguments], capture_output=True, text=True, timeout=10, check=False
        )
    except (FileNotFoundError, subprocess.TimeoutExpired):
        return ""  # no git here, or a file system too slow to ask: a run does not depend on it
    return done.stdout.strip() if done.returncode == 0 else ""
