"""A process that plays episodes, one after the other."""

from __future__ import annotations

import signal
import time
import traceback
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnContext
from pathlib import Path
from types import FrameType
from typing import NoReturn

from benchmarks.episode import Episode
from benchmarks.executor import Beat, Outcome, failure
from benchmarks.rollout import Tally, play

#: Seconds between two beats.
BEAT_SECONDS = 0.5
#: Seconds that a process has to end by itself before it is killed.
_GRACE = 2.0


def serve(connection: Connection, root: Path) -> None:
    """Plays the episodes that come in, until the other side hangs up or an episode fails.

    A process in which an episode failed plays no other one: what the failure left behind must not
    decide how the next one goes.

    Args:
        connection: Takes episodes, gives beats and outcomes.
        root: The run directory.
    """
    # Ctrl-C reaches every process of the terminal; the parent alone decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _leave)
    while True:
        try:
            episode = connection.recv()
        except EOFError:
            return
        outcome = _attempt(episode, root, connection)
        _send(connection, outcome)
        if outcome.result.error:
            return


def _leave(number: int, frame: FrameType | None) -> NoReturn:
    """Ends the process the orderly way, so that environments remove their temporary files."""
    raise SystemExit(128 + number)


def _send(connection: Connection, event: Beat | Outcome) -> None:
    try:
        connection.send(event)
    except BrokenPipeError:
        raise SystemExit("the process that this worker plays for is gone") from None


def _attempt(episode: Episode, root: Path, connection: Connection) -> Outcome:
    last = time.monotonic()

    def beat(tally: Tally) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last >= BEAT_SECONDS:
            last = now
            _send(connection, Beat(episode, tally.game_steps, tally.progression))

    try:
        return Outcome(episode, play(episode, root / episode.folder, beat))
    except Exception:
        return failure(episode, traceback.format_exc())


class Worker:
    """A worker process, seen from the parent.

    Args:
        context: Starts processes afresh: nothing of the parent's state gets into them.
        root: The run directory.
    """

    def __init__(self, context: SpawnContext, root: Path) -> None:
        self.connection, other = context.Pipe()
        self._process = context.Process(target=serve, args=(other, root))
        self._process.start()
        other.close()
        self.episode: Episode | None = None

    def give(self, episode: Episode) -> None:
        """Lets it play an episode."""
        self.episode = episode
        try:
            self.connection.send(episode)
        except BrokenPipeError:
            return  # it died while it was idle; listen() reports that

    @property
    def alive(self) -> bool:
        """Whether the process still runs."""
        return self._process.is_alive()

    def listen(self) -> Beat | Outcome | None:
        """What it has to say, if anything; its death is the failure of the episode it plays."""
        episode = self.episode
        assert episode is not None
        try:
            # Asked before the pipe is: what a process says before it dies stands in the pipe.
            alive = self.alive
            if self.connection.poll():
                said: Beat | Outcome = self.connection.recv()
                if isinstance(said, Outcome):
                    self.episode = None
                return said
            if alive:
                return None
        except (EOFError, ConnectionResetError):
            pass
        self._process.join(_GRACE)
        self.episode = None
        return failure(episode, _death(self._process.exitcode))

    def stop(self) -> None:
        """Ends the process, by force where it must be."""
        self.connection.close()
        if self.episode is not None:
            self._process.terminate()
        self._process.join(_GRACE)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()
        self._process.close()


def _death(exitcode: int | None) -> str:
    if exitcode is not None and exitcode < 0:
        name = signal.Signals(-exitcode).name
        hint = " (the system may have run out of memory)" if name == "SIGKILL" else ""
        return f"the worker process was ended by {name}{hint}"
    return f"the worker process ended with status {exitcode} in the middle of the episode"
