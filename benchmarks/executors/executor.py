"""Who plays the episodes of a run: the protocol, and what it reports."""

from __future__ import annotations

import errno
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, Self

from agents.model import BudgetSpentError, ModelSetupError
from benchmarks.episode import Episode
from benchmarks.episode_result import EpisodeResult


@dataclass(frozen=True, slots=True)
class Beat:
    """A sign of life from an episode that is being played.

    Attributes:
        episode: The episode.
        game_steps: Its game steps so far.
        progression: How far it has come so far.
        calls: Calls of models so far.
        tokens: Tokens of those calls, in and out.
    """

    episode: Episode
    game_steps: int
    progression: float | None
    calls: int = 0
    tokens: int = 0


@dataclass(frozen=True, slots=True)
class Outcome:
    """The end of an episode, good or bad.

    Attributes:
        episode: The episode.
        result: Its result; one with an ``error`` where it failed.
    """

    episode: Episode
    result: EpisodeResult


#: What a disk says that is full, or cannot be written. It would say so to every episode.
_STORAGE = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EIO})


class StorageError(Exception):
    """What is recorded cannot be kept: the disk is full, or cannot be written."""

    @classmethod
    def of(cls, error: OSError) -> Self | None:
        """What a person can do about an error of the disk; None where it is another error."""
        if error.errno not in _STORAGE:
            return None
        where = f" ({error.filename})" if error.filename else ""
        return cls(
            f"{error.strerror}{where}. Nothing that was recorded is lost: make room, or mend what "
            "keeps the disk from being written, and run the same command again"
        )


#: What ends a run before all has been tried that there was to try.
Stop = BudgetSpentError | ModelSetupError | StorageError


@dataclass(frozen=True, slots=True)
class Halt:
    """An episode was left, by no fault of its own: it is owed as if it had not been started.

    Attributes:
        episode: The episode.
        error: Why: the run may spend no more, a model cannot work as it is set up, or the disk is
            full.
    """

    episode: Episode
    error: Stop


Event = Beat | Outcome | Halt


class Executor(Protocol):
    """Plays episodes, somewhere.

    Where an episode is played, and beside which others, makes no difference to how it goes.
    """

    def run(self, episodes: Sequence[Episode], root: Path) -> Generator[Event]:
        """Plays episodes, each once.

        Args:
            episodes: What to play.
            root: The run directory; an episode writes its trace below it.

        Yields:
            One outcome or halt for every episode that was started, in the order in which they end,
            and beats in between. After a halt no further episode is started. Closing the iterator
            stops everything that still runs.
        """


def failure(episode: Episode, error: str) -> Outcome:
    """The outcome of an episode that could not be played to its end."""
    return Outcome(
        episode, EpisodeResult(episode.digest, episode.env_id, episode.seed, episode.repeat, error)
    )
