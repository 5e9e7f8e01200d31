"""What a worker process does: it plays episodes, one after the other or several in turns."""

from __future__ import annotations

import signal
import threading
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import FrameType
from typing import NoReturn

from agents.accounting import Prices
from agents.model import BudgetSpentError, ModelSetupError
from benchmarks.episode import Episode
from benchmarks.executors.baton import Baton
from benchmarks.executors.executor import Beat, Halt, Outcome, StorageError, failure
from benchmarks.executors.line import Assignment, Line, Pipe
from benchmarks.models.remote import remote_models
from benchmarks.rollout import play
from benchmarks.tally import Tally

#: Seconds between two beats of an episode.
BEAT_SECONDS = 0.5
#: Seconds that the episodes of a process have to end when it is told to.
GRACE = 1.5


@dataclass(frozen=True, slots=True)
class Post:
    """Where and how a worker plays.

    Attributes:
        root: The run directory.
        prices: What models cost.
        slots: How many episodes it plays at the same time. They take turns: one plays while the
            others wait for answers of models.
        scenes: Whether the games' scenes are recorded.
    """

    root: Path
    prices: Prices | None = None
    slots: int = 1
    scenes: bool = True


def serve(pipe: Pipe, post: Post) -> None:
    """Plays the episodes that come in, until the other side hangs up or an episode fails.

    A process in which an episode failed begins no other one: what the failure left behind must not
    decide how the next one goes.

    Args:
        pipe: Takes episodes and the answers of models; gives beats, outcomes and what models are
            asked.
        post: Where and how.
    """
    # Ctrl-C reaches every process of the terminal; the parent alone decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    signal.signal(signal.SIGTERM, _leave)
    player = Player(Line(pipe), post)
    if post.slots == 1:
        player.one_after_the_other()
    else:
        player.in_turns()


def _leave(number: int, frame: FrameType | None) -> NoReturn:
    """Ends the process the orderly way, so that environments remove their temporary files."""
    raise SystemExit(128 + number)


class Player:
    """Plays what comes in through a line.

    Args:
        line: The line to the driver.
        post: Where and how.
    """

    def __init__(self, line: Line, post: Post) -> None:
        self._line = line
        self._post = post
        self._baton = Baton()

    def one_after_the_other(self) -> None:
        """Plays each episode before the next one, in this thread."""
        while (assignment := self._line.assignment()) is not None:
            if not self._play(assignment):
                return

    def in_turns(self) -> None:
        """Plays each episode on a thread of its own, as soon as it comes."""
        threads: list[threading.Thread] = []
        try:
            while (assignment := self._line.assignment()) is not None:
                thread = threading.Thread(target=self._play, args=(assignment,), daemon=True)
                thread.start()
                threads.append(thread)
        finally:
            self._line.hang_up()  # who waits for a model ends now, the others after their turn
            deadline = time.monotonic() + GRACE
            for thread in threads:
                thread.join(max(0.0, deadline - time.monotonic()))

    def _play(self, assignment: Assignment) -> bool:
        """Plays an episode and says what came of it; whether all is well."""
        with self._baton.held():
            end = self._attempt(assignment)
        self._line.say(end)
        return isinstance(end, Outcome) and not end.result.error

    def _attempt(self, assignment: Assignment) -> Outcome | Halt:
        episode, post = assignment.episode, self._post
        try:
            result = play(
                episode,
                post.root / episode.folder,
                self._beats(episode),
                remote_models(partial(self._ask, episode), assignment.offers),
                post.prices,
                assignment.files,
                post.scenes,
            )
            return Outcome(episode, result)
        except (BudgetSpentError, ModelSetupError) as error:
            return Halt(episode, error)
        except Exception as error:
            storage = StorageError.of(error) if isinstance(error, OSError) else None
            return Halt(episode, storage) if storage else failure(episode, traceback.format_exc())

    def _ask(
        self, episode: Episode, role: str, method: str, arguments: tuple[object, ...]
    ) -> object:
        return self._line.ask(episode, role, method, arguments, self._baton.let_go())

    def _beats(self, episode: Episode) -> Callable[[Tally], None]:
        """What is called after each turn, and now and then tells the driver."""
        last = time.monotonic()

        def beat(tally: Tally) -> None:
            nonlocal last
            now = time.monotonic()
            if now - last >= BEAT_SECONDS:
                last = now
                self._beat(episode, tally)

        return beat

    def _beat(self, episode: Episode, tally: Tally) -> None:
        self._line.say(
            Beat(episode, tally.game_steps, tally.progression, tally.calls, tally.tokens)
        )
