"""What episodes were recorded with: versions and commit."""

from __future__ import annotations

import contextlib
import hashlib
import platform
import re
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, requires, version
from typing import Any, Self

import automem_gym

_DISTRIBUTION = "automem-gym"
#: What a backend's answers also depend on.
_LIBRARIES = {
    "local": ("torch", "transformers", "peft", "accelerate", "bitsandbytes"),
    "messages": ("anthropic",),
    "completions": ("openai",),
}


@dataclass(frozen=True)
class Provenance:
    """The code that recorded episodes.

    Attributes:
        commit: What :func:`commit` gave.
        versions: What :func:`versions` gave.
    """

    commit: str
    versions: Mapping[str, str]

    @classmethod
    def present(cls, backends: Iterable[str] = ()) -> Self:
        """That of the code that runs now.

        Args:
            backends: The backends of the models that it asks.
        """
        return cls(commit(), versions(backends))

    def to_toml(self) -> dict[str, Any]:
        """It as plain data."""
        return asdict(self)

    def difference(self, now: Provenance) -> str:
        """How the code of now differs; empty where it does not.

        Returns:
            ``recorded with commit 1a2b3c4d, numpy 1.26; the code is now commit 5e6f7a8b, numpy
            2.0``, with only what differs.
        """
        names = [
            name
            for name in {**self.versions, **now.versions}
            if self.versions.get(name) != now.versions.get(name)
        ]
        if self.commit == now.commit and not names:
            return ""
        then, present = (
            ", ".join(
                [f"commit {made.commit or 'unknown'}"] * (self.commit != now.commit)
                + [f"{name} {made.versions.get(name, 'unknown')}" for name in names]
            )
            for made in (self, now)
        )
        return f"recorded with {then}; the code is now {present}"


def versions(backends: Iterable[str] = ()) -> dict[str, str]:
    """Versions of Python, of this package and of the packages that it requires.

    Args:
        backends: Backends of models whose libraries count too, as far as they are installed.
    """
    found = {"python": platform.python_version(), _DISTRIBUTION: automem_gym.__version__}
    try:
        required = requires(_DISTRIBUTION) or []
    except PackageNotFoundError:  # run from a source tree that is not installed
        required = []
    for line in required:
        name = re.match(r"[\w.\-]+", line)
        if name and "extra ==" not in line:
            found[name[0]] = version(name[0])
    for library in (library for backend in backends for library in _LIBRARIES.get(backend, ())):
        with contextlib.suppress(PackageNotFoundError):
            found[library] = version(library)
    return found


def commit() -> str:
    """The git commit of the working directory; empty outside a repository.

    Returns:
        The commit's hash, followed by ``+`` and a hash of the changes where tracked files differ
        from it: two states of one commit are not the same code.
    """
    head = _git("rev-parse", "HEAD").strip().decode()
    changes = _git("diff", "HEAD", "--no-ext-diff") if head else b""
    return head + (f"+{hashlib.sha256(changes).hexdigest()[:8]}" if changes else "")


def _git(*arguments: str) -> bytes:
    try:
        done = subprocess.run(["git", *arguments], capture_output=True, timeout=10, check=False)
    except (FileNotFoundError, subprocess.TimeoutExpired):
        return b""  # no git here, or a file system too slow to ask: a run does not depend on it
    return done.stdout if done.returncode == 0 else b""
