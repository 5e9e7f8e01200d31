"""The attempts of a search on disk, each written whole or not at all."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from agents.scaffold import ScaffoldError
from agents.scaffold.directory import HOOKS, MANIFEST, PARTS, read_directory
from benchmarks.whole_file import replace_file
from training.structure.attempt import Attempt, Revision

_REVISION, _OUTCOME, _WORDS = "revision", "outcome.json", "revision.json"
#: A name within a folder: not hidden, and nothing that a file system takes otherwise.
_PART = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9_. -]{0,99}")
_TOLD = ("title", "analysis", "method")


class AttemptStore:
    """The attempts of a search.

    Args:
        root: The directory of the search.
    """

    def __init__(self, root: Path) -> None:
        self._root = root

    def folder(self, number: int) -> Path:
        """The folder of an attempt; made where it is not there."""
        path = self._root / "attempts" / f"{number:03}"
        path.mkdir(parents=True, exist_ok=True)
        return path

    def review(self, number: int) -> Path:
        """The folder of an attempt's reviewer; made where it is not there."""
        path = self.folder(number) / "review"
        path.mkdir(exist_ok=True)
        return path

    def revision(self, number: int) -> Revision | None:
        """What the reviewer wrote; None where it has not come to its end.

        Raises:
            ValueError: What is there is damaged.
        """
        folder = self.folder(number)
        try:
            words = json.loads((folder / _WORDS).read_text("utf-8"))
        except FileNotFoundError:
            return None
        files = read_files(folder / _REVISION)
        return Revision(files, *(words[name] for name in _TOLD))

    def save_revision(self, number: int, revision: Revision) -> None:
        """Keeps what the reviewer wrote, before anything is done with it."""
        folder = self.folder(number)
        write_files(folder / _REVISION, revision.files)
        # Last, and at once: it says that the files are whole.
        words = {name: getattr(revision, name) for name in _TOLD}
        _save(folder / _WORDS, words)

    def attempt(self, number: int) -> Attempt | None:
        """An attempt that is decided; None where it is not yet."""
        path = self.folder(number) / _OUTCOME
        try:
            outcome = json.loads(path.read_text("utf-8"))
        except FileNotFoundError:
            return None
        run = None if outcome["run"] is None else self._root / outcome["run"]
        return Attempt(**{**outcome, "run": run, "revision": self.revision(number)})

    def attempts(self) -> list[Attempt]:
        """The attempts that are decided, in order."""
        found: list[Attempt] = []
        while (self._root / "attempts" / f"{len(found) + 1:03}" / _OUTCOME).exists():
            attempt = self.attempt(len(found) + 1)
            assert attempt is not None
            found.append(attempt)
        return found

    def save(self, attempt: Attempt) -> None:
        """Keeps an attempt that is decided."""
        outcome = asdict(attempt)
        del outcome["revision"]
        run = attempt.run
        outcome["run"] = None if run is None else run.relative_to(self._root).as_posix()
        _save(self.folder(attempt.number) / _OUTCOME, outcome)


def read_files(folder: Path) -> dict[str, str]:
    """The files of a scaffold's directory, path to text.

    Raises:
        ScaffoldError: It holds what a scaffold may not.
    """
    layer = read_directory(folder)
    if layer.problems:
        raise ScaffoldError(*layer.problems)
    return dict(layer.texts)


def write_files(folder: Path, files: Mapping[str, str]) -> None:
    """Writes a scaffold's directory in the place of what is there.

    Args:
        folder: The directory.
        files: Path to text.

    Raises:
        ValueError: A path is none of a scaffold.
    """
    made = folder.with_name(f"{folder.name}.new")
    shutil.rmtree(made, ignore_errors=True)
    for name, text in files.items():
        if not is_part(name):
            raise ValueError(f"{name!r} is no path of a scaffold: {', '.join(PARTS)}")
        path = made / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode("utf-8", "replace"))
    shutil.rmtree(folder, ignore_errors=True)
    made.rename(folder)


def is_part(name: str) -> bool:
    """Whether a path is one that a file of a scaffold may have.

    Example:
        >>> is_part("prompts/parts/system.j2"), is_part("../hooks.py"), is_part(".git/config")
        (True, False, False)
    """
    top, *below = name.split("/")
    if not below:
        return name in (MANIFEST, HOOKS)
    return top in ("prompts", "memory") and all(_PART.fullmatch(part) for part in below)


def _save(path: Path, data: Mapping[str, Any]) -> None:
    replace_file(path, json.dumps(data, indent=1) + "\n", sync=True)
