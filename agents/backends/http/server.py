"""One server that models are asked at: its connection, how many calls may run, what is retried."""

from __future__ import annotations

import asyncio
import random
import threading
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

from agents.backends.http.loop_thread import LoopThread
from agents.backends.http.options import ServerOptions
from agents.backends.http.throttle import Throttle
from agents.backends.http.trouble import Trouble, diagnose
from agents.model import ContextTooLongError, ModelError, ModelSetupError

T = TypeVar("T")

#: Seconds between two tries, at most, where the server does not ask for more.
LONGEST_WAIT = 30.0


class Server:
    """Asks one server, for all of its models and from many threads at once.

    Args:
        name: How messages name it, such as its address.
        options: How it is asked.
        key_from: The environment variable that its key comes from; empty where none is sent.
        close: Closes its connection.
    """

    def __init__(
        self, name: str, options: ServerOptions, key_from: str, close: Callable[[], Awaitable[None]]
    ) -> None:
        self.name = name
        self.options = options
        self._key_from = key_from
        self._throttle = Throttle(options.concurrency)
        self._loop = LoopThread(f"the connection to {name}", close)
        self._users = 0
        self._lock = threading.Lock()

    def open(self) -> None:
        """One model more is asked here."""
        with self._lock:
            self._users += 1

    def close(self) -> None:
        """One model less is asked here; after the last one the connection is closed."""
        with self._lock:
            self._users -= 1
            last = self._users == 0
        if last:
            self._loop.close()

    def ask(self, model: str, request: Callable[[], Awaitable[T]], seed: int) -> tuple[T, float]:
        """Makes a call, with all retries.

        Args:
            model: The model's name on this server, for messages.
            request: Asks once.
            seed: Seed for the jitter of the retries.

        Returns:
            The answer, and the seconds from asking to all of it, retries and waiting included.

        Raises:
            ContextTooLongError: The conversation is too long for the model.
            ModelSetupError: The server will never answer this as it is set up.
            ModelError: No answer came, after all retries.
        """
        started = time.perf_counter()
        answer = self._loop.run(_Attempts(self, model, random.Random(seed)).run(request))
        return answer, time.perf_counter() - started

    @property
    def throttle(self) -> Throttle:
        """How many calls may run."""
        return self._throttle

    def failure(self, model: str, trouble: Trouble, tries: int) -> ModelError:
        """The error that ends a call."""
        status = "" if trouble.status is None else f" (HTTP {trouble.status})"
        said = f"{trouble.message}{status}"
        if trouble.kind == "setup":
            return ModelSetupError(f"{self.name} refused {model!r}: {said}{self._hint(trouble)}")
        times = "once" if tries == 1 else f"{tries} times"
        return ModelError(f"{self.name} was asked {times} for {model!r}; the last time: {said}")

    def _hint(self, trouble: Trouble) -> str:
        """What to do about a setup that cannot work; begins with a stop and a space."""
        if trouble.status in (401, 403):
            if self._key_from:
                return f". Check the key in the environment variable {self._key_from}"
            return ". No key was sent; name the variable that holds one: api_key_env=NAME"
        if trouble.status == 404:
            return ". Check the name of the model and the address of the server"
        if any(word in trouble.message for word in ("temperature", "top_p")):
            return ". Leave temperature and top_p at 1, or do not send them: sampling=never"
        return ""


class _Attempts:
    """The tries of one call."""

    def __init__(self, server: Server, model: str, jitter: random.Random) -> None:
        self._server = server
        self._options = server.options
        self._model = model
        self._jitter = jitter
        self._tries = self._broken = self._busy = 0
        self._busy_since: float | None = None

    async def run(self, request: Callable[[], Awaitable[T]]) -> T:
        throttle = self._server.throttle
        while True:
            ticket = await throttle.enter()
            self._tries += 1
            try:
                async with asyncio.timeout(self._options.timeout):
                    answer = await request()
                throttle.speed_up()
                return answer
            except Exception as error:
                wait = self._wait(error, asyncio.get_running_loop().time())
                if wait.everybody:
                    throttle.slow_down(ticket, wait.seconds)
            finally:
                throttle.leave()
            if not wait.everybody:
                await asyncio.sleep(wait.seconds)

    def _wait(self, error: Exception, now: float) -> _Wait:
        """How long to wait after an error; raises where there is no further try."""
        trouble = diagnose(error)
        if trouble is None or trouble is error:
            raise error
        if isinstance(trouble, ContextTooLongError):
            raise trouble from error
        if trouble.kind == "busy":
            self._busy += 1
            seconds = self._backoff(self._busy) if trouble.wait is None else trouble.wait
            self._busy_since = now if self._busy_since is None else self._busy_since
            if now + seconds - self._busy_since <= self._options.patience:
                return _Wait(seconds, everybody=True)
        elif trouble.kind == "broken" and self._broken < self._options.retries:
            self._broken += 1
            asked = min(trouble.wait or 0.0, self._options.patience)
            return _Wait(max(asked, self._backoff(self._broken)), everybody=False)
        raise self._server.failure(self._model, trouble, self._tries) from error

    def _backoff(self, count: int) -> float:
        """Twice as long each time, less up to a half, so that calls do not come back together."""
        longest = min(LONGEST_WAIT, self._options.backoff * 2.0 ** min(count - 1, 20))
        return longest * (1 - self._jitter.random() / 2)


@dataclass(frozen=True, slots=True)
class _Wait:
    seconds: float
    everybody: bool
