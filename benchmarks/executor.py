"""Who plays the episodes of a run: the protocol, and what it reports."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

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


@dataclass(frozen=True, slots=True)
class Halt:
    """An episode was left, by no fault of its own: it is owed as if it had not been started.

    Attributes:
        episode: The episode.
        error: Why: the run may spend no more, or a model cannot work as it is set up.
    """

    episode: Episode
    error: BudgetSpentError | ModelSetupError


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
