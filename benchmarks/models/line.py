"""The pipe to the driver, seen from a process that plays."""

from __future__ import annotations

import itertools
import queue
import threading
from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from typing import Any

from benchmarks.episode import Episode
from benchmarks.models.wire import Answer, Ask, Offer


@dataclass(frozen=True, slots=True)
class Assignment:
    """An episode to play.

    Attributes:
        episode: The episode.
        offers: The models that the driver holds for it, by role.
    """

    episode: Episode
    offers: Mapping[str, Offer] = field(default_factory=dict)


class Line:
    """Sends what the process has to say, and sorts what comes in. Any thread may use it.

    Args:
        connection: The pipe.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
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
        try:
            with self._sending:
                self._connection.send(message)
        except (BrokenPipeError, ConnectionResetError):
            raise SystemExit("the process that this worker plays for is gone") from None

    def ask(self, role: str, method: str, arguments: tuple[Any, ...]) -> Any:
        """Asks a model that the driver holds, and waits for its answer.

        Raises:
            ModelError: What the model raised.
            SystemExit: The driver is gone.
        """
        number = next(self._numbers)
        waiting: Future[Any] = Future()
        self._calls[number] = waiting
        if self._gone.is_set():
            self._hang_up()
        self.say(Ask(number, role, method, arguments))
        return waiting.result()

    def _listen(self) -> None:
        try:
            while True:
                message = self._connection.recv()
                if isinstance(message, Answer):
                    self._settle(message)
                else:
                    self._assignments.put(message)
        except (EOFError, OSError):
            pass  # the driver has hung up
        finally:
            self._gone.set()
            self._hang_up()
            self._assignments.put(None)

    def _settle(self, answer: Answer) -> None:
        waiting = self._calls.pop(answer.number)
        if answer.error is None:
            waiting.set_result(answer.value)
        else:
            waiting.set_exception(answer.error)

    def _hang_up(self) -> None:
        """Nobody waits for an answer that cannot come."""
        for number in list(self._calls):
            waiting = self._calls.pop(number, None)
            if waiting is not None:
                waiting.set_exception(SystemExit("the process that this worker plays for is gone"))
