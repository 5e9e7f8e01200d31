"""Plays a scaffold on seeds, each episode once in the life of a search."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import fmean
from typing import Protocol

from rich.console import Console

from agents.accounting import Prices
from benchmarks.configuration import Configuration
from benchmarks.executors.catalogue import Placement
from benchmarks.models.desk import ModelDesk
from benchmarks.models.opening import paid, specs_of
from benchmarks.rehearsal import open_paid
from benchmarks.run_directory import RunDirectory
from benchmarks.session import Means, Session
from benchmarks.summary import progressions
from training.structure.spending import Spending
from training.structure.stopped import SearchStoppedError

#: Of a digest, so many digits name a folder.
DIGITS = 12


@dataclass(frozen=True, slots=True)
class Stage:
    """What a scaffold is played for.

    Attributes:
        name: Name of its folder: ``screening``, ``confirmation-02``, ``report``.
        seeds: Its seeds, in the order in which they are played.
    """

    name: str
    seeds: tuple[int, ...]


class Playable(Protocol):
    """What is played to score something."""

    @property
    def env(self) -> tuple[str, ...]:
        """Environment ids."""

    def configuration(self, subject: str, seeds: tuple[int, ...], /) -> Configuration:
        """What is played to score a subject, such as a scaffold, on some seeds."""


class Evaluator:
    """Plays scaffolds, or whatever is searched for. Use it in a ``with`` block, or close it.

    Args:
        root: The directory of the search.
        settings: What is played, by whom.
        spending: Counts episodes and calls.
        placement: Where episodes are played.
        prices: What models cost.
        console: Where progress is shown.
        quiet: Whether little is to be shown.
    """

    def __init__(
        self,
        root: Path,
        settings: Playable,
        spending: Spending,
        placement: Placement,
        prices: Prices,
        console: Console,
        quiet: bool = False,
    ) -> None:
        self._root, self._settings, self._spending = root, settings, spending
        self._placement, self._prices = placement, prices
        self._console, self._quiet = console, quiet
        self._desk: ModelDesk | None = None

    def folder(self, digest: str, stage: str) -> Path:
        """The run directory of a scaffold's episodes of a stage."""
        return evaluation_folder(self._root, digest, stage)

    def scores(self, subject: str, digest: str, stage: Stage, count: int) -> list[float]:
        """Plays what is not played yet, and tells the scores.

        Args:
            subject: What is scored, such as the directory of a scaffold.
            digest: Its digest.
            stage: What it is played for.
            count: Of the stage's seeds the first so many.

        Returns:
            The score of each seed, in order: its mean progression over the environments.

        Raises:
            SearchStoppedError: A budget is spent, or episodes are owed.
        """
        out = self.folder(digest, stage.name)
        # What an earlier decision asked for stays part of the run.
        count = max(count, _played(out, stage))
        seeds = stage.seeds[:count]
        settings = self._settings.configuration(subject, seeds)
        means = Means(self._placement, self._prices, allow_used_seeds=True, scenes=False)
        means = replace(means, budget=self._spending.budget(out / "calls.jsonl"))
        with Session(settings, out, means, desk=self._opened(subject, seeds)) as session:
            if session.left:
                self._spending.check(session.left)
                self._console.print(
                    f"{digest[:DIGITS]}, {stage.name}: {len(seeds)} seeds", highlight=False
                )
                halt = session.play(self._console, self._quiet)
                if halt is not None:
                    raise SearchStoppedError(str(halt))
            if session.left:
                failed = [result for _, result in session.directory.results() if result]
                reasons = {result.reason for result in failed if result.error}
                raise SearchStoppedError(
                    f"{session.left} episodes of {out} failed again and again, which is no score: "
                    f"{'; '.join(sorted(reasons))[:500]}. The same command tries them again"
                )
            return self._read(session.directory, seeds)

    def _opened(self, subject: str, seeds: Sequence[int]) -> ModelDesk | None:
        """The models that cost something, opened once for the whole search."""
        settings = self._settings.configuration(subject, tuple(seeds))
        if not paid(specs_of(settings.episodes()[0])):
            return None
        if self._desk is None:
            self._desk = ModelDesk(open_paid(settings))
        return self._desk

    def _read(self, run: RunDirectory, seeds: Sequence[int]) -> list[float]:
        results = run.results()
        by_env = [progressions(results, env_id) for env_id in self._settings.env]
        return [fmean(fmean(of[seed]) for of in by_env) for seed in seeds]

    def close(self) -> None:
        """Closes the models; may be called twice."""
        if self._desk is not None:
            self._desk.close()
            self._desk = None

    def __enter__(self) -> Evaluator:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def evaluation_folder(root: Path, digest: str, stage: str) -> Path:
    """Where the episodes of a scaffold are, in the directory of a search."""
    return root / "evaluations" / digest[:DIGITS] / stage


def _played(out: Path, stage: Stage) -> int:
    """Up to which of its seeds a stage was planned before."""
    directory = RunDirectory(out)
    if not directory.settings.exists():
        return 0
    there = {seed for task in directory.configuration().tasks for seed in task.seeds}
    return max((at for at, seed in enumerate(stage.seeds, 1) if seed in there), default=0)
