"""A worker that is a process of this machine."""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Mapping
from multiprocessing import resource_tracker

from benchmarks.executors.player import Post, serve
from benchmarks.executors.worker import Worker
from benchmarks.models.wire import Offer

#: Seconds that a process has to end by itself before it is killed.
_GRACE = 2.0


class ProcessWorker(Worker):
    """A process that is started afresh: nothing of the parent's state gets into it.

    Args:
        post: Where and how it plays.
        offers: The models that the parent holds, by role.
    """

    def __init__(self, post: Post, offers: Mapping[str, Offer] | None = None) -> None:
        context = multiprocessing.get_context("spawn")
        connection, other = context.Pipe()
        super().__init__(connection, post.slots, offers)
        self._process = context.Process(target=serve, args=(other, post))
        # Ctrl-C must not reach it before it has learned to ignore it. The tracker, which the first
        # process would start as well, lets the signal through again.
        resource_tracker.ensure_running()
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            self._process.start()
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
        other.close()
        self._stopped = False

    @property
    def alive(self) -> bool:
        """Whether the process still runs."""
        return self._process.is_alive()

    def death(self) -> str:
        """How the process ended."""
        self._process.join(_GRACE)
        exitcode = self._process.exitcode
        if exitcode is not None and exitcode < 0:
            name = signal.Signals(-exitcode).name
            hint = " (the system may have run out of memory)" if name == "SIGKILL" else ""
            return f"the worker process was ended by {name}{hint}"
        return f"the worker process ended with status {exitcode} in the middle of the episode"

    def dismiss(self) -> None:
        """Tells the process to end, and does not wait for it."""
        self.connection.close()
        if self.episodes:
            self._process.terminate()

    def stop(self) -> None:
        """Ends the process, by force where it must be."""
        if self._stopped:
            return
        self._stopped = True
        self.dismiss()
        self._process.join(_GRACE)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()
        self._process.close()
