"""The pipe to the driver, seen from a process that plays."""

from __future__ import annotations

import itertools
import queue
import threading
from collections.abc import Mapping
from concurrent.futures import Future
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from typing import Any, Protocol

from benchmarks.episode import Episode
from benchmarks.models.wire import Answer, Ask, Offer

_HUNG_UP = "the process that this worker plays for is gone"


@dataclass(frozen=True, slots=True)
class Assignment:
    """An episode to play.

    Attributes:
        episode: The episode.
        offers: The models that the driver holds for it, by role.
        files: What its memory begins with, where it comes after another one.
        earlier: The recording of an interrupted attempt at it, where it has to be brought along.
    """

    episode: Episode
    offers: Mapping[str, Offer] = field(default_factory=dict)
    files: Mapping[str, str] | None = None
    earlier: bytes = b""


class Pipe(Protocol):
    """What messages go through; a :class:`multiprocessing.connection.Connection` is one."""

    def send(self, message: Any, /) -> None:
        """Sends a message."""

    def recv(self) -> Any:
        """Waits for a message.

        Raises:
            EOFError: There will be none.
        """


class Line:
    """Sends what the process has to say, and sorts what comes in. Any thread may use it.

    Args:
        pipe: The pipe.
    """

    def __init__(self, pipe: Pipe) -> None:
        self._pipe = pipe
        self._sending = threading.Lock()
        self._assignments: queue.SimpleQueue[Assignment | None] = queue.SimpleQueue()
        self._calls: dict[int, Future[Any]] = {}
        self._numbers = itertools.count()
        self._gone = threading.Event()
        threading.Thread(target=self._listen, name="line to the driver", daemon=True).start()

    def assignment(self) -> Assignment | None:
        """The next episode to play, when it comes; None when the driver has hung up."""
        return self._assignments.get()

    def say(self, message: object) -> None:
        """Sends something.

        Raises:
            SystemExit: The driver is gone.
        """
        if self._gone.is_set():
            raise SystemExit(_HUNG_UP)
        try:
            with self._sending:
                self._pipe.send(message)
        except (BrokenPipeError, ConnectionResetError):
            raise SystemExit(_HUNG_UP) from None

    def ask(
        self,
        episode: Episode,
        role: str,
        method: str,
        arguments: tuple[Any, ...],
        waiting: AbstractContextManager[None] | None = None,
    ) -> Any:
        """Asks a model that the driver holds, and waits for its answer.

        Args:
            episode: For which episode.
            role: Which model.
            method: Which method of it.
            arguments: The method's arguments.
            waiting: Holds while it waits.

        Raises:
            ModelError: What the model raised.
            SystemExit: The driver is gone.
        """
        number = next(self._numbers)
        answer: Future[Any] = Future()
        self._calls[number] = answer
        self.say(Ask(number, episode, role, method, arguments))
        with waiting or nullcontext():
            if self._gone.is_set():
                self._settle_all()
            return answer.result()

    def hang_up(self) -> None:
        """Ends all waiting: nobody gets an answer or an assignment any more."""
        self._gone.set()
        self._settle_all()
        self._assignments.put(None)

    def _listen(self) -> None:
        try:
            while True:
                message = self._pipe.recv()
                if isinstance(message, Answer):
                    self._settle(message)
                else:
                    self._assignments.put(message)
        except (EOFError, OSError):
            pass  # the driver has hung up
        finally:
            self.hang_up()

    def _settle(self, answer: Answer) -> None:
        waiting = self._calls.pop(answer.number)
        if answer.error is None:
            waiting.set_result(answer.value)
        else:
            waiting.set_exception(answer.error)

    def _settle_all(self) -> None:
        for number in list(self._calls):
            waiting = self._calls.pop(number, None)
            if waiting is not None:
                waiting.set_exception(SystemExit(_HUNG_UP))
