"""The recorded runs that a reviewer can query, by name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks.episode import Episode
from benchmarks.episode_result import EpisodeResult
from benchmarks.run_directory import RunDirectory, RunError
from benchmarks.trace import Trace, TraceError
from memory_fs import Refused
from memory_fs.suggestion import did_you_mean
from training.structure.review import Review
from training.structure.workspace.lineage import folder_name

#: The run of the scaffold that is revised, and that of the revision that was turned down.
PARENT, FAILED = "parent", "failed"
_EPISODE = re.compile(r"(?:(\S{1,200})\s+)?seed\s+(\d{1,12})(?:\s+repeat\s+(\d{1,6}))?")


@dataclass(frozen=True)
class Recorded:
    """An episode that was played to its end.

    Attributes:
        episode: What it is.
        result: What came of it.
        trace: What was recorded of it.
    """

    episode: Episode
    result: EpisodeResult
    trace: Trace


class Recordings:
    """Finds runs and episodes by the names that a reviewer writes.

    Args:
        runs: The run directories by name.
    """

    def __init__(self, runs: Mapping[str, Path]) -> None:
        self._runs = dict(runs)

    @classmethod
    def of(cls, review: Review) -> Recordings:
        """The runs of a review: the scaffold's, the failed revision's, those of the attempts."""
        runs = {PARENT: review.run}
        if review.failed is not None and review.failed.run is not None:
            runs[FAILED] = review.failed.run
        runs |= {folder_name(past.number): past.run for past in review.history if past.run}
        return cls(runs)

    @property
    def names(self) -> tuple[str, ...]:
        """What the runs are called."""
        return tuple(self._runs)

    def results(self, run: str) -> list[tuple[Episode, EpisodeResult | None]]:
        """The episodes of a run, each with its result, or None where it was not played.

        Raises:
            Refused: There is no such run, or it is not to be read.
        """
        try:
            return self._directory(run).results()
        except RunError as error:
            raise Refused(f"the run {run} cannot be read: {error}") from error

    def find(self, run: str, name: str) -> tuple[Episode, EpisodeResult]:
        """An episode that was played to its end.

        Args:
            run: Name of the run.
            name: The episode: ``seed 42``, with the environment in front and ``repeat 1`` behind
                where that is needed to tell it.

        Raises:
            Refused: It is none, or several.
        """
        wanted = _EPISODE.fullmatch(name.strip())
        if wanted is None:
            raise Refused(f"an episode is written as in 'seed 42', not {name[:100]!r}")
        env_id, seed, repeat = wanted[1], int(wanted[2]), int(wanted[3] or 0)
        results = self.results(run)
        found = [
            (episode, result)
            for episode, result in results
            if (episode.seed, episode.repeat) == (seed, repeat) and env_id in (None, episode.env_id)
        ]
        if len(found) != 1:
            known = ", ".join(episode.name for episode, _ in found or results[:20])
            many = "there are several of that name" if found else f"there is no {name.strip()!r}"
            raise Refused(f"{many} in the run {run}. Name one of {known}")
        episode, result = found[0]
        if result is None or result.error:
            raise Refused(f"{episode.name} was not played to its end in the run {run}")
        return episode, result

    def open(self, run: str, name: str) -> Recorded:
        """The same with what was recorded of it.

        Raises:
            Refused: There is no such episode, or no recording.
        """
        episode, result = self.find(run, name)
        try:
            return Recorded(episode, result, Trace(self._directory(run).trace(episode)))
        except (OSError, TraceError) as error:
            raise Refused(f"{episode.name} of the run {run} cannot be read: {error}") from error

    def _directory(self, run: str) -> RunDirectory:
        if run not in self._runs:
            hint = did_you_mean(run, self._runs)
            raise Refused(f"there is no run {run[:100]!r}.{hint} There are {', '.join(self._runs)}")
        return RunDirectory(self._runs[run])
