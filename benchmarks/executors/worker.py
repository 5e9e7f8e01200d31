"""A worker seen from the driver, wherever it runs."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

from benchmarks.episode import Episode
from benchmarks.executors.executor import Beat, Halt, Outcome
from benchmarks.executors.line import Assignment
from benchmarks.models.wire import Ask, Offer


@dataclass(frozen=True, slots=True)
class Death:
    """A worker died.

    Attributes:
        reason: How.
        episodes: What it was playing.
    """

    reason: str
    episodes: tuple[Episode, ...]


Said = Beat | Outcome | Halt | Ask


class Worker(ABC):
    """One that plays episodes, and the pipe to it.

    Args:
        connection: This side of the pipe.
        slots: How many episodes it plays at the same time.
        offers: The models that the driver holds, by role.

    Attributes:
        connection: The same; becomes readable when the worker has something to say.
        closing: Whether it is to get no further episode.
    """

    def __init__(
        self, connection: Connection, slots: int, offers: Mapping[str, Offer] | None = None
    ) -> None:
        self.connection = connection
        self.closing = False
        self._slots = slots
        self._offers = dict(offers or {})
        self._episodes: dict[str, Episode] = {}

    @property
    def episodes(self) -> tuple[Episode, ...]:
        """What it plays."""
        return tuple(self._episodes.values())

    @property
    def has_room(self) -> bool:
        """Whether it can take another episode."""
        return not self.closing and len(self._episodes) < self._slots

    def give(self, episode: Episode, files: Mapping[str, str] | None = None) -> None:
        """Lets it play an episode.

        Args:
            episode: The episode.
            files: What its memory begins with, where it comes after another one.
        """
        self._episodes[episode.digest] = episode
        try:
            self.connection.send(self._assignment(episode, files))
        except (BrokenPipeError, ConnectionResetError):
            return  # it died while it was idle; listen() reports that

    def answer(self, payload: bytes) -> None:
        """Passes a model's pickled answer on."""
        try:
            self.connection.send_bytes(payload)
        except (OSError, ValueError):
            return  # it has died, or was stopped: nobody waits for the answer any more

    def listen(self) -> Said | Death | None:
        """What it has to say, if anything."""
        try:
            # Asked before the pipe is: what a worker says before it dies stands in the pipe.
            alive = self.alive
            if self.connection.poll():
                said = self._heard(self.connection.recv())
                if isinstance(said, Outcome | Halt):
                    del self._episodes[said.episode.digest]
                return said
            if alive:
                return None
        except (EOFError, ConnectionResetError):
            pass
        self.closing = True
        episodes = self.episodes
        self._episodes.clear()
        return Death(self.death(), episodes)

    def _assignment(self, episode: Episode, files: Mapping[str, str] | None) -> Assignment:
        return Assignment(episode, self._offers, files)

    def _heard(self, message: Any) -> Said | None:
        """What of a message is for the pool."""
        said: Said = message
        return said

    @property
    @abstractmethod
    def alive(self) -> bool:
        """Whether it still runs."""

    @abstractmethod
    def death(self) -> str:
        """How it died, in words; waits a moment for it where it must."""

    @abstractmethod
    def dismiss(self) -> None:
        """Tells it to end, and does not wait for it."""

    @abstractmethod
    def stop(self) -> None:
        """Ends it, by force where it must be. May be called twice."""
