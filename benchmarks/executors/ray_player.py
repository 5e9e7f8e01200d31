"""What runs on a node of a Ray cluster: a player whose recordings are mirrored to the driver.

A node need not see the driver's disk. It plays in a folder of its own; what it records is sent
before a model is asked for anything more, so that no answer is lost with the node.
"""

from __future__ import annotations

import queue
import sys
import tempfile
import threading
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from benchmarks.episode import Episode
from benchmarks.executors.executor import Halt, Outcome
from benchmarks.executors.line import Assignment, Line
from benchmarks.executors.mirror import Copied, Mirror
from benchmarks.executors.player import Player, Post
from benchmarks.models.earlier import EARLIER
from benchmarks.tally import Tally
from benchmarks.trace import TRACE

#: Seconds that :meth:`RayPlayer.take` waits for something to say, before it says nothing.
_PATIENCE = 2.0


@dataclass(frozen=True, slots=True)
class Mirrored:
    """A piece of an episode's recording, on its way to the driver.

    Attributes:
        episode: The episode.
        copied: The piece.
    """

    episode: Episode
    copied: Copied


class RayPlayer:
    """Plays on a node; Ray calls :meth:`put` and :meth:`take` on threads of their own.

    Args:
        post: How it plays; where is its own affair.
        path: Where the driver finds modules, for agents and environments of the user's own.
    """

    def __init__(self, post: Post, path: Iterable[str]) -> None:
        sys.path.extend(entry for entry in path if entry not in sys.path)
        self._inbox: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._outbox: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._post = post
        self._thread = threading.Thread(target=self._play, name="player", daemon=True)
        self._thread.start()

    def put(self, message: Any) -> None:
        """Takes a message of the driver; None says that there will be no other."""
        self._inbox.put(message)

    def take(self) -> list[Any]:
        """What it has to say, as soon as that is something; or nothing, after a while."""
        try:
            said = [self._outbox.get(timeout=_PATIENCE)]
        except queue.Empty:
            return []
        while not self._outbox.empty():
            said.append(self._outbox.get())
        return said

    def send(self, message: Any) -> None:
        """Has a message taken; the player's side of the pipe."""
        self._outbox.put(message)

    def recv(self) -> Any:
        """The driver's next message; the player's side of the pipe.

        Raises:
            EOFError: There will be none.
        """
        message = self._inbox.get()
        if message is None:
            raise EOFError
        return message

    def _play(self) -> None:
        with tempfile.TemporaryDirectory(prefix="automem-") as folder:
            player = _MirroredPlayer(Line(self), replace(self._post, root=Path(folder)))
            if self._post.slots == 1:
                player.one_after_the_other()
            else:
                player.in_turns()


class _MirroredPlayer(Player):
    """A player that tells the driver what it has recorded, before it asks anything and at beats."""

    def __init__(self, line: Line, post: Post) -> None:
        super().__init__(line, post)
        self._mirrors: dict[str, Mirror] = {}

    def _attempt(self, assignment: Assignment) -> Outcome | Halt:
        folder = self._post.root / assignment.episode.folder
        folder.mkdir(parents=True, exist_ok=True)
        if assignment.earlier:
            (folder / EARLIER).write_bytes(assignment.earlier)
        self._mirrors[assignment.episode.digest] = Mirror(folder / TRACE)
        end = super()._attempt(assignment)
        self._mirror(assignment.episode)
        for name in (TRACE, EARLIER):
            (folder / name).unlink(missing_ok=True)
        return end

    def _ask(
        self, episode: Episode, role: str, method: str, arguments: tuple[object, ...]
    ) -> object:
        self._mirror(episode)
        return super()._ask(episode, role, method, arguments)

    def _beat(self, episode: Episode, tally: Tally) -> None:
        self._mirror(episode)
        super()._beat(episode, tally)

    def _mirror(self, episode: Episode) -> None:
        news = self._mirrors[episode.digest].news()
        if news is not None:
            self._line.say(Mirrored(episode, news))
