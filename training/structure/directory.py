"""The directory of a search: its settings and start, and the lock that keeps other drivers away."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Generic, Protocol, Self, TypeVar

from benchmarks import toml
from benchmarks.whole_file import replace_file
from memory_fs.lock import Lock, MemoryInUseError

#: Version of the file with the settings.
SCHEMA = 1
_LOCK = ".lock"
#: In it: digest of the scaffold with which the search was begun.
_START = "start"


class SearchError(ValueError):
    """A directory that cannot be used as asked; the message tells why and what to do."""


class Settings(Protocol):
    """The settings of a search, of whichever loop."""

    @classmethod
    def from_toml(cls, data: Mapping[str, Any]) -> Self:
        """Reads what :meth:`to_toml` gave; KeyError, TypeError or ValueError: it is none."""

    def to_toml(self) -> dict[str, Any]:
        """It as plain data."""

    def differences(self, other: Self) -> list[str]:
        """What differs so that a search that was begun with ``other`` cannot go on with this."""


S = TypeVar("S", bound=Settings)


class SearchDirectory(Generic[S]):
    """The directory of a search. Use it in a ``with`` block, or close it.

    Args:
        path: The directory.
        kind: What its settings are.
        file: Name of the file in which they stand.
    """

    def __init__(self, path: Path, kind: type[S], file: str = "search.toml") -> None:
        self.path = path
        self._kind, self._file = kind, file
        self._lock: Lock | None = None

    def settings(self) -> S:
        """The settings of the search.

        Raises:
            SearchError: There is no search here, or its file is damaged.
        """
        record = self._record()
        record.pop(_START, None)
        try:
            return self._kind.from_toml(record)
        except (KeyError, TypeError, ValueError) as error:
            raise SearchError(f"{self.path / self._file} is damaged: {error!r}") from error

    def check_start(self, digest: str) -> None:
        """Checks that the scaffold is still that with which the search was begun.

        Args:
            digest: The digest that the scaffold of the settings has now.

        Raises:
            SearchError: It was changed since; or as for :meth:`settings`.
        """
        record = self._record()
        # A search that is older than this entry goes on with what is there.
        begun = record.get(_START, digest)
        if begun != digest:
            raise SearchError(
                f"{self.path} was begun with another state of the scaffold {record['scaffold']}: "
                f"its digest was {begun}, and is {digest} now. Restore it to go on, or name "
                "another directory with --out"
            )

    def prepare(self, settings: S, start: str) -> None:
        """Makes the directory ready for a search, new or resumed.

        Args:
            settings: What is to be done; more iterations and seeds than before may be.
            start: Digest of the scaffold from which the search starts; the same as before.

        Raises:
            SearchError: It holds another search, or something that is none, or is in use.
        """
        if self.path.exists() and not self.path.is_dir():
            raise SearchError(f"{self.path} is a file; name a directory with --out")
        strange = self.path.exists() and any(path.name != _LOCK for path in self.path.iterdir())
        there = self.path / self._file
        if strange and not there.exists():
            raise SearchError(f"{self.path} is not empty and holds no search; name a new directory")
        self.path.mkdir(parents=True, exist_ok=True)
        fd = os.open(self.path / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            self._lock = Lock(fd, f"the search at {self.path}")
        except MemoryInUseError as error:
            raise SearchError(str(error)) from None
        if there.exists():
            old = self.settings()
            if differences := settings.differences(old):
                raise SearchError(
                    f"{self.path} holds another search:\n  "
                    + "\n  ".join(differences)
                    + "\nname another directory with --out"
                )
            self.check_start(start)
        record = {"schema": SCHEMA, _START: start, **settings.to_toml()}
        replace_file(there, toml.dumps(record))

    def close(self) -> None:
        """Lets other drivers in; may be called twice."""
        if self._lock:
            self._lock.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _record(self) -> dict[str, Any]:
        """What the file with the settings holds, but for its version."""
        path = self.path / self._file
        try:
            record = tomllib.loads(path.read_text("utf-8"))
        except (FileNotFoundError, NotADirectoryError):
            raise SearchError(f"{self.path} holds no search: it has no {self._file}") from None
        except ValueError as error:
            raise SearchError(f"{path} is damaged: {error}") from error
        if record.pop("schema", None) != SCHEMA:
            raise SearchError(f"{path} is of another version than {SCHEMA}, which this one reads")
        return record
