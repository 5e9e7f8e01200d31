"""The attempts of a search on disk, each written whole or not at all."""

from __future__ import annotations

import errno
import json
import shutil
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from agents.scaffold import ScaffoldError
from agents.scaffold.directory import read_directory
from benchmarks.whole_file import replace_file
from training.structure.attempt import Attempt, Revision
from training.structure.file_names import name_problems, shown

_REVISION, _OUTCOME, _WORDS = "revision", "outcome.json", "revision.json"
#: Where the words of a revision have its files as well.
_FILES = "files"
_TOLD = ("title", "analysis", "method")
#: With these a file system says that it cannot take a name, or not beside the others: one may be
#: shorter than we ask for, or take two names for the same.
_OF_NAMES = frozenset(
    {
        *(errno.ENAMETOOLONG, errno.EEXIST, errno.EISDIR, errno.ENOTDIR),
        *(errno.EINVAL, errno.EILSEQ),
    }
)


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
        files = words[_FILES] if _FILES in words else read_files(folder / _REVISION)
        return Revision(files, *(words[name] for name in _TOLD))

    def save_revision(self, number: int, revision: Revision) -> None:
        """Keeps what the reviewer wrote, before anything is done with it."""
        folder = self.folder(number)
        words: dict[str, Any] = {name: getattr(revision, name) for name in _TOLD}
        if not _laid_down(folder / _REVISION, revision.files):
            words[_FILES] = dict(revision.files)
        # Last, and at once: it says that the files are whole.
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
        ScaffoldError: A path is none of a scaffold, or none that this file system takes.
        OSError: It cannot be written, for another reason than its names.
    """
    if problems := name_problems(files):
        raise ScaffoldError(*problems)
    made = folder.with_name(f"{folder.name}.new")
    shutil.rmtree(made, ignore_errors=True)
    made.mkdir(parents=True)
    for name, text in files.items():
        path = made / name
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode("utf-8", "replace"))
        except OSError as error:
            shutil.rmtree(made, ignore_errors=True)
            if error.errno not in _OF_NAMES:
                raise
            raise ScaffoldError(
                f"{shown(name)}: cannot be written as a file here: {error.strerror}; take a "
                "shorter or another name"
            ) from error
    shutil.rmtree(folder, ignore_errors=True)
    made.rename(folder)


def _laid_down(folder: Path, files: Mapping[str, str]) -> bool:
    """Writes a revision's directory; tells whether it can be had from there as it was given.

    What no directory of a scaffold can hold is no reason to stop: it is what is wrong with the
    revision, and has to be there to be told.
    """
    try:
        write_files(folder, files)
        return read_files(folder) == dict(files)
    except ScaffoldError:
        return False


def _save(path: Path, data: Mapping[str, Any]) -> None:
    replace_file(path, json.dumps(data, indent=1) + "\n", sync=True)
