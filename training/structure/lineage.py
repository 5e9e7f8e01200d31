"""The lineage of a search as a git repository: a commit an attempt, ``main`` what was kept.

It is made from what the search has recorded, and can be removed: the next invocation makes it anew.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from agents.scaffold import ScaffoldError
from training.structure.attempt import Attempt
from training.structure.attempt_store import write_files

#: What the repository holds: a scaffold, and the words of the attempt that made it.
SCAFFOLD, WORDS = "scaffold", "ATTEMPT.md"
_MAIN = "main"
# Nothing of the user's settings, nor of the repository around, plays a part.
_ENVIRONMENT = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_AUTHOR_NAME": "automem structure",
    "GIT_AUTHOR_EMAIL": "automem@localhost",
    "GIT_COMMITTER_NAME": "automem structure",
    "GIT_COMMITTER_EMAIL": "automem@localhost",
}


class Lineage:
    """The repository.

    Args:
        path: Its directory; made where it is not there.
        start: The scaffold from which the search starts, path to text.
        name: How that scaffold is called.

    Raises:
        OSError: There is no git.
        subprocess.CalledProcessError: git cannot do it; its message is in ``stderr``.
    """

    def __init__(self, path: Path, start: Mapping[str, str], name: str) -> None:
        self.path = path
        if shutil.which("git") is None:
            raise FileNotFoundError("the lineage of a search is a git repository: install git")
        if not (path / ".git").is_dir():
            path.mkdir(parents=True, exist_ok=True)
            self._git("init", "--quiet", f"--initial-branch={_MAIN}")
        # Killed before its first commit, it has none.
        if not self._git("branch", "--list", _MAIN):
            self._commit(start, f"# Start: {name}\n", f"start: {name}")

    def has(self, number: int) -> bool:
        """Whether an attempt is in it."""
        return bool(self._git("tag", "--list", _tag(number)))

    def add(self, attempt: Attempt, words: str) -> None:
        """Adds a decided attempt, on a branch of its own from ``main``; a kept one to ``main``.

        Args:
            attempt: The attempt; the earlier ones are in it.
            words: All that is to be told of it, as Markdown.
        """
        if self.has(attempt.number):
            return
        self._git("checkout", "--quiet", "--force", "-B", f"attempt-{attempt.number:03}", _MAIN)
        title = attempt.revision.title if attempt.revision else "no revision"
        files = attempt.revision.files if attempt.revision else None
        self._commit(files, words, f"{attempt.number:03} {attempt.verdict}: {title}")
        if attempt.verdict == "kept":
            self._git("branch", "--quiet", "--force", _MAIN)
        self._git("tag", "--force", _tag(attempt.number))
        self._git("checkout", "--quiet", "--force", _MAIN)

    def _commit(self, files: Mapping[str, str] | None, words: str, message: str) -> None:
        if files is not None:
            # Of a revision whose names no directory can hold, the words alone are told.
            with suppress(ScaffoldError):
                write_files(self.path / SCAFFOLD, files)
        (self.path / WORDS).write_bytes(words.encode("utf-8", "replace"))
        self._git("add", "--all", "--force")
        line = " ".join(message.split())[:200]
        self._git("commit", "--quiet", "--allow-empty", "--no-verify", "--no-gpg-sign", "-m", line)

    def _git(self, *arguments: str) -> str:
        return _git(self.path, *arguments)


def diff_of(repository: Path, number: int) -> str:
    """What an attempt changed in the scaffold, as a unified diff; empty where it is not there.

    Args:
        repository: The directory of the lineage.
        number: Number of the attempt.
    """
    tag = _tag(number)
    if not repository.is_dir() or not _git(repository, "tag", "--list", tag):
        return ""
    return _git(repository, "diff", "--no-color", "--no-ext-diff", f"{tag}~1", tag, "--", SCAFFOLD)


def _git(path: Path, *arguments: str) -> str:
    clean = {name: text for name, text in os.environ.items() if not name.startswith("GIT_")}
    done = subprocess.run(
        ["git", "-c", f"core.hooksPath={os.devnull}", "-c", "core.autocrlf=false", *arguments],
        cwd=path,
        env={**clean, **_ENVIRONMENT},
        capture_output=True,
        check=True,
    )
    return done.stdout.decode("utf-8", "replace").strip("\n")


def _tag(number: int) -> str:
    return f"tried-{number:03}"
