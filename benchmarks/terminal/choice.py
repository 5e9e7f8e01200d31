"""Chooses an episode of a run by what its trace says of itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.trace import TRACE, Trace, TraceError


@dataclass(frozen=True, slots=True)
class Choice:
    """Which episode; what is None may be anything.

    Attributes:
        env_id: Environment id, or a part of it.
        seed: Its seed.
        repeat: Its repeat.
    """

    env_id: str | None = None
    seed: int | None = None
    repeat: int | None = None

    def newest(self, run: Path) -> Path | None:
        """The trace that was written to last among those that fit; None where there is none."""
        return next(self._fitting(run), None)

    def only(self, run: Path) -> Path:
        """The one trace that fits.

        Raises:
            ValueError: There is none, or there are several.
        """
        found = list(self._fitting(run))
        if len(found) == 1:
            return found[0]
        if not found:
            raise ValueError(f"{run} holds no recorded episode with {self}")
        episodes = [Trace(path).header["episode"] for path in found]
        known = sorted({(told["env_id"], told["seed"], told.get("repeat", 0)) for told in episodes})
        listed = ", ".join(f"{env_id} seed {seed} repeat {rep}" for env_id, seed, rep in known[:5])
        raise ValueError(
            f"{run} holds {len(found)} episodes with {self}; choose one with --env, --seed and "
            f"--repeat: {listed}{', …' if len(known) > 5 else ''}"
        )

    def _fitting(self, run: Path) -> Iterator[Path]:
        times: dict[Path, float] = {}
        for path in run.rglob(TRACE):
            try:
                times[path] = path.stat().st_mtime
            except FileNotFoundError:  # a run that goes on replaces its traces
                continue
        for path in sorted(times, key=lambda path: (-times[path], path)):
            if self._fits(path):
                yield path

    def _fits(self, path: Path) -> bool:
        try:
            told = Trace(path).header["episode"]
        except (TraceError, FileNotFoundError):  # its first line is not there yet, or it went
            return False
        return (
            (self.env_id is None or self.env_id in told["env_id"])
            and self.seed in (None, told["seed"])
            and self.repeat in (None, told.get("repeat", 0))
        )

    def __str__(self) -> str:
        parts = {"env": self.env_id, "seed": self.seed, "repeat": self.repeat}
        said = ", ".join(f"{name} {value}" for name, value in parts.items() if value is not None)
        return said or "any environment and seed"
