"""A process that plays episodes, one after the other."""

from __future__ import annotations

import signal
import time
import traceback
from collections.abc import Mapping
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnContext
from pathlib import Path
from types import FrameType
from typing import NoReturn

from agents.accounting import Prices
from agents.model import BudgetSpentError, ModelSetupError
from benchmarks.episode import Episode
from benchmarks.executor import Beat, Halt, Outcome, failure
from benchmarks.models.line import Assignment, Line
from benchmarks.models.remote import remote_models
from benchmarks.models.wire import Ask, Offer
from benchmarks.rollout import Tally, play

#: Seconds between two beats.
BEAT_SECONDS = 0.5
#: Seconds that a process has to end by itself before it is killed.
_GRACE = 2.0


def serve(connection: Connection, root: Path, prices: Prices | None = None) -> None:
    """Plays the episodes that come in, until the other side hangs up or an episode fails.

    A process in which an episode failed plays no other one: what the failure left behind must not
    decide how the next one goes.

    Args:
        connection: Takes episodes and the answers of models; gives beats, outcomes and what models
            are asked.
        root: The run directory.
        prices: What models cost.
    """
    # Ctrl-C reaches every process of the terminal; the parent alone decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    signal.signal(signal.SIGTERM, _leave)
    line = Line(connection)
    while (assignment := line.assignment()) is not None:
        end = _attempt(assignment, root, line, prices)
        line.say(end)
        if isinstance(end, Halt) or end.result.error:
            return


def _leave(number: int, frame: FrameType | None) -> NoReturn:
    """Ends the process the orderly way, so that environments remove their temporary files."""
    raise SystemExit(128 + number)


def _attempt(
    assignment: Assignment, root: Path, line: Line, prices: Prices | None
) -> Outcome | Halt:
    episode = assignment.episode
    last = time.monotonic()

    def beat(tally: Tally) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last >= BEAT_SECONDS:
            last = now
            line.say(Beat(episode, tally.game_steps, tally.progression, tally.calls, tally.tokens))

    try:
        models = remote_models(line, assignment.offers)
        return Outcome(episode, play(episode, root / episode.folder, beat, models, prices))
    except (BudgetSpentError, ModelSetupError) as error:
        return Halt(episode, error)
    except Exception:
        return failure(episode, traceback.format_exc())


class Worker:
    """A worker process, seen from the parent.

    Args:
        context: Starts processes afresh: nothing of the parent's state gets into them.
        root: The run directory.
        offers: The models that the parent holds, by role.
        prices: What models cost.
    """

    def __init__(
        self,
        context: SpawnContext,
        root: Path,
        offers: Mapping[str, Offer] | None = None,
        prices: Prices | None = None,
    ) -> None:
        self._offers = dict(offers or {})
        self.connection, other = context.Pipe()
        self._process = context.Process(target=serve, args=(other, root, prices))
        # Ctrl-C must not reach it before it has learned to ignore it. The tracker, which the first
        # process would start as well, lets the signal through again.
        resource_tracker.ensure_running()
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            self._process.start()
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
        other.close()
        self.episode: Episode | None = None

    def give(self, episode: Episode) -> None:
        """Lets it play an episode."""
        self.episode = episode
        try:
            self.connection.send(Assignment(episode, self._offers))
        except BrokenPipeError:
            return  # it died while it was idle; listen() reports that

    def answer(self, payload: bytes) -> None:
        """Passes a model's pickled answer on."""
        try:
            self.connection.send_bytes(payload)
        except (OSError, ValueError):
            return  # it has died, or was stopped: nobody waits for the answer any more

    @property
    def alive(self) -> bool:
        """Whether the process still runs."""
        return self._process.is_alive()

    def listen(self) -> Beat | Outcome | Halt | Ask | None:
        """What it has to say, if anything; its death is the failure of the episode it plays."""
        episode = self.episode
        assert episode is not None
        try:
            # Asked before the pipe is: what a process says before it dies stands in the pipe.
            alive = self.alive
            if self.connection.poll():
                said: Beat | Outcome | Halt | Ask = self.connection.recv()
                if isinstance(said, Outcome | Halt):
                    self.episode = None
                return said
            if alive:
                return None
        except (EOFError, ConnectionResetError):
            pass
        self._process.join(_GRACE)
        self.episode = None
        return failure(episode, _death(self._process.exitcode))

    def dismiss(self) -> None:
        """Tells the process to end, and does not wait for it."""
        self.connection.close()
        if self.episode is not None:
            self._process.terminate()

    def stop(self) -> None:
        """Ends the process, by force where it must be."""
        self.dismiss()
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
