"""A run on disk: ``run.toml``, the episodes, ``results.json``."""

from __future__ import annotations

import json
import os
import shutil
import tomllib
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any, Self

from benchmarks import toml
from benchmarks.configuration import Configuration
from benchmarks.episode import Episode
from benchmarks.episode_result import EpisodeResult
from benchmarks.provenance import Provenance
from benchmarks.trace import TRACE
from benchmarks.whole_file import replace_file
from memory_fs.lock import Lock, MemoryInUseError

#: Version of ``run.toml``. Version 1, which did not say so, knew one task.
SCHEMA = 2
#: The file of the lock; what it holds is the process that plays.
_LOCK = ".lock"
#: The file with the calls of models that cost something.
_CALLS = "calls.jsonl"


class RunError(ValueError):
    """A run directory that cannot be used as asked; the message tells why and what to do."""


class RunDirectory:
    """The directory of one run. Use one that is prepared in a ``with`` block, or close it.

    Args:
        path: The directory.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._provenance = 0  # entry of what records now
        self._lock: Lock | None = None

    @property
    def settings(self) -> Path:
        """The file with the configuration."""
        return self.path / "run.toml"

    @property
    def calls(self) -> Path:
        """The file with what the run's models were paid for, a call a line."""
        return self.path / _CALLS

    def left(self, configuration: Configuration, overwrite: bool = False) -> list[Episode]:
        """The episodes that a run would still have to play here. Nothing is changed.

        Args:
            configuration: What is to be run.
            overwrite: Whether what is there would be removed.

        Raises:
            RunError: :meth:`prepare` would refuse it.
        """
        episodes = configuration.episodes()
        if overwrite or not self.settings.exists() or not self._goes_on(configuration):
            return episodes
        results = [(episode, self.result(episode)) for episode in episodes]
        return [episode for episode, result in results if result is None or result.error]

    def _goes_on(self, configuration: Configuration) -> bool:
        """Whether the run that is there goes on with these settings, or gives way to them.

        Raises:
            RunError: Neither: it holds what must not be lost.
        """
        there = self.configuration()
        if configuration.covers(there):
            return True
        if self.finished() or (self.calls.exists() and self.calls.stat().st_size):
            raise RunError(
                f"{self.path} holds a run of another configuration:\n  "
                + "\n  ".join(configuration.differences(there))
                + "\nname another directory with --out, or replace that run with --overwrite"
            )
        return False

    def prepare(self, configuration: Configuration, overwrite: bool = False) -> None:
        """Makes the directory ready for a run, new or resumed, and keeps other drivers away.

        A run that is there goes on if the new settings cover all that it plays: the same settings,
        or more seeds, repeats or environments. One in which no episode was finished and nothing was
        paid for gives way to any.

        Args:
            configuration: What is to be run.
            overwrite: Whether to remove what another run left there.

        Raises:
            RunError: It holds the run of another configuration, or something that is no run, or
                another process plays in it.
            OSError: The directory cannot be made or written.
        """
        if self.path.exists() and not self.path.is_dir():
            raise RunError(f"{self.path} is a file; name a directory with --out")
        self._hold()
        if overwrite and self.settings.exists():
            self._clear()
        if self.settings.exists() and not self._goes_on(configuration):
            self._clear()
        made_with = self.provenances() if self.settings.exists() else []
        now = Provenance.present(
            sorted({str(model["backend"]) for model in configuration.models.values()})
        )
        if now not in made_with:
            made_with.append(now)
        self._provenance = made_with.index(now)
        record = {
            "schema": SCHEMA,
            **configuration.to_toml(),
            "provenance": [made.to_toml() for made in made_with],
        }
        replace_file(self.settings, toml.dumps(record))

    def _hold(self) -> None:
        """Takes the lock, in a directory that holds a run or nothing; it is made where needed.

        Two drivers would play the same episodes into the same files.
        """
        strange = self.path.exists() and any(path.name != _LOCK for path in self.path.iterdir())
        if strange and not self.settings.exists():
            raise RunError(f"{self.path} is not empty and holds no run.toml; name a new directory")
        self.path.mkdir(parents=True, exist_ok=True)
        fd = os.open(self.path / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            self._lock = Lock(fd, f"the run at {self.path}")
        except MemoryInUseError as error:
            raise RunError(str(error)) from None

    def close(self) -> None:
        """Lets other drivers in; may be called twice."""
        if self._lock:
            self._lock.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _clear(self) -> None:
        """Removes the run that is there, and nothing else."""
        if (self.path / "episodes").exists():
            shutil.rmtree(self.path / "episodes")
        for file in (self.settings, self.path / "results.json", self.calls):
            file.unlink(missing_ok=True)

    def configuration(self) -> Configuration:
        """The configuration of the run.

        Raises:
            RunError: There is no run here, or its file is damaged.
        """
        record = self._record()
        try:
            return Configuration.from_toml(record)
        except (KeyError, TypeError, ValueError) as error:
            raise RunError(f"{self.settings} is damaged: {error}") from error

    def provenances(self) -> list[Provenance]:
        """What the episodes were recorded with; each result names its entry.

        Raises:
            RunError: There is no run here, or its file is damaged.
        """
        record = self._record()
        # Earlier versions wrote the one entry that they knew without a list.
        entries = record.get("provenance") or [record]
        try:
            return [Provenance(entry["commit"], entry["versions"]) for entry in entries]
        except (KeyError, TypeError) as error:
            raise RunError(f"{self.settings} is damaged: {error}") from error

    def outdated(self) -> dict[str, int]:
        """How many finished episodes other code has recorded, by what differs from it now.

        Call it on a prepared run.
        """
        made_with = dict(enumerate(self.provenances()))
        now, unknown = made_with[self._provenance], Provenance("", {})
        found = Counter(
            made_with.get(result.provenance, unknown).difference(now) for result in self.finished()
        )
        return {difference: count for difference, count in found.items() if difference}

    def _record(self) -> dict[str, Any]:
        try:
            record = tomllib.loads(self.settings.read_text("utf-8"))
        except (FileNotFoundError, NotADirectoryError):
            raise RunError(f"{self.path} is no run directory: it has no run.toml") from None
        except ValueError as error:
            raise RunError(f"{self.settings} is damaged: {error}") from error
        if record.get("schema", 1) not in range(1, SCHEMA + 1):
            raise RunError(
                f"{self.settings} is of version {record['schema']!r}, and this one reads versions "
                f"up to {SCHEMA}: use the automem-gym that played it, or a later one"
            )
        return record

    def trace(self, episode: Episode) -> Path:
        """The trace of an episode."""
        return self.path / episode.folder / TRACE

    def result(self, episode: Episode) -> EpisodeResult | None:
        """The result of an episode; None where it is still to be played.

        Raises:
            RunError: The file is damaged.
        """
        path = self.path / episode.folder / "result.json"
        try:
            result = EpisodeResult.from_json(json.loads(path.read_text("utf-8")))
        except FileNotFoundError:
            return None
        except (ValueError, RecursionError) as error:
            raise RunError(f"{path} is damaged ({error}); remove it to play it again") from error
        return result if result.digest == episode.digest else None

    def save(self, episode: Episode, result: EpisodeResult) -> None:
        """Records the result of an episode, what it was recorded with, and after which failures.

        Raises:
            RunError: The result that is there is damaged.
        """
        earlier = self.result(episode)
        path = self.path / episode.folder / "result.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        failures = earlier.failures if earlier is not None and earlier.error else 0
        stamped = replace(result, provenance=self._provenance, attempts=failures + 1)
        replace_file(path, json.dumps(stamped.to_json(), indent=1) + "\n")

    def results(self) -> list[tuple[Episode, EpisodeResult | None]]:
        """All episodes of the run, each with its result or None."""
        return [(episode, self.result(episode)) for episode in self.configuration().episodes()]

    def finished(self) -> list[EpisodeResult]:
        """The results of the episodes that were played to their end."""
        return [result for _, result in self.results() if result and not result.error]

    def save_results(self, results: dict[str, Any]) -> None:
        """Writes ``results.json``."""
        replace_file(self.path / "results.json", json.dumps(results, indent=1) + "\n")
