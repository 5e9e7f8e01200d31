"""Who plays the episodes of a run: the protocol, and what it reports."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from benchmarks.episode import Episode
from benchmarks.episode_result import EpisodeResult


@dataclass(frozen=True, slots=True)
class Beat:
    """A sign of life from an episode that is being played.

    Attributes:
        episode: The episode.
        game_steps: Its game steps so far.
        progression: How far it has come so far.
    """

    episode: Episode
    game_steps: int
    progression: float | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """The end of an episode, good or bad.

    Attributes:
        episode: The episode.
        result: Its result; one with an ``error`` where it failed.
    """

    episode: Episode
    result: EpisodeResult


class Executor(Protocol):
    """Plays episodes, somewhere.

    Where an episode is played, and beside which others, makes no difference to how it goes.
    """

    def run(self, episodes: Sequence[Episode], root: Path) -> Generator[Beat | Outcome]:
        """Plays episodes, each once.

        Args:
            episodes: What to play.
            root: The run directory; an episode writes its trace below it.

        Yields:
            One outcome for every episode, in the order in which they end, and beats in between.
            Closing the iterator stops everything that still runs.
        """


def failure(episode: Episode, error: str) -> Outcome:
    """The outcome of an episode that could not be played to its end."""
    return Outcome(
        episode, EpisodeResult(episode.digest, episode.env_id, episode.seed, episode.repeat, error)
    )
