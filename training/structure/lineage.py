"""The lineage of a search as a git repository: a commit an attempt, ``main`` what was kept.

It is made from what the search has recorded, and can be removed: the next invocation makes it anew.
A process may be killed between any two of its commands: whoever opens the repository next clears
away what was left, and adding the same attempts again finishes what was half done.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from agents.scaffold import ScaffoldError
from benchmarks.terminal.plain_text import plain_lines
from training.structure.attempt import Attempt
from training.structure.attempt_store import write_files
from training.structure.words import headline

#: What the repository holds: a scaffold, and the words of the attempt that made it.
SCAFFOLD, WORDS = "scaffold", "ATTEMPT.md"
_MAIN, _GIT = "main", ".git"
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


class LineageError(OSError):
    """git could not do something; the message tells where, in git's words, and what to do."""


class Lineage:
    """The repository. Whoever opens it holds the lock of the search: no other process writes it.

    Args:
        path: Its directory; made where it is not there.
        start: The scaffold from which the search starts, path to text.
        name: How that scaffold is called.

    Raises:
        OSError: There is no git, or git cannot do it.
    """

    def __init__(self, path: Path, start: Mapping[str, str], name: str) -> None:
        self.path = path
        if shutil.which("git") is None:
            raise FileNotFoundError("the lineage of a search is a git repository: install git")
        path.mkdir(parents=True, exist_ok=True)
        # The locks of a git that was killed; nobody else may hold one.
        for lock in (path / _GIT).rglob("*.lock"):
            lock.unlink()
        # Where there is a whole repository, this changes nothing.
        self._git("init", "--quiet", f"--initial-branch={_MAIN}")
        if self._git("branch", "--list", _MAIN):
            self._git("checkout", "--quiet", "--force", _MAIN)
        else:
            self._commit(start, f"# Start: {name}\n", f"start: {name}")

    def has(self, number: int) -> bool:
        """Whether an attempt is in it."""
        return bool(self._git("tag", "--list", _tag(number)))

    def add(self, attempt: Attempt, words: str) -> None:
        """Adds a decided attempt, on a branch of its own from ``main``; a kept one to ``main``.

        Args:
            attempt: The attempt; the earlier ones are in it.
            words: All that is to be told of it, as Markdown.

        Raises:
            OSError: git cannot do it, or something cannot be written.
        """
        tag, kept = _tag(attempt.number), attempt.verdict == "kept"
        if not self.has(attempt.number):
            self._git("checkout", "--quiet", "--force", "-B", f"attempt-{attempt.number:03}", _MAIN)
            files = attempt.revision.files if attempt.revision else None
            self._commit(files, words, headline(attempt))
            # Before main is moved: so it is not committed once more, on top of itself.
            self._git("tag", "--force", tag)
        elif not kept or self._git("branch", "--list", _MAIN, "--contains", tag):
            return
        if kept:
            self._git("update-ref", f"refs/heads/{_MAIN}", f"refs/tags/{tag}")
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

    Raises:
        LineageError: git cannot tell.
    """
    tag = _tag(number)
    if not repository.is_dir() or not _git(repository, "tag", "--list", tag):
        return ""
    return _git(repository, "diff", "--no-color", "--no-ext-diff", f"{tag}~1", tag, "--", SCAFFOLD)


def _git(path: Path, *arguments: str) -> str:
    clean = {name: text for name, text in os.environ.items() if not name.startswith("GIT_")}
    # Named, so that git does not look for another one in the folders above.
    here = {"GIT_DIR": str((path / _GIT).absolute()), "GIT_WORK_TREE": str(path.absolute())}
    done = subprocess.run(
        ["git", "-c", f"core.hooksPath={os.devnull}", "-c", "core.autocrlf=false", *arguments],
        cwd=path,
        env={**clean, **_ENVIRONMENT, **here},
        capture_output=True,
        check=False,
    )
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip() or f"it ended with {done.returncode}"
        raise LineageError(
            f"{path}: 'git {arguments[0]}' failed: {plain_lines(said)}\nIf this does not pass, "
            "remove that directory and run 'automem structure' as before: the lineage is made anew "
            "from what the search has recorded"
        )
    return done.stdout.decode("utf-8", "replace").strip("\n")


def _tag(number: int) -> str:
    return f"tried-{number:03}"
