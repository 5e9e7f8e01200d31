"""The process of one call."""

from __future__ import annotations

import mmap
import os
import select
import signal
import time
from collections.abc import Callable

from agents.sandbox.inside.cell import REPLY, REQUEST, Cell, LayerError

#: What an answer begins with where a layer of the confinement failed: nothing was run.
LAYER = b"L"
#: What may come of a call: an answer, which stands behind it; it took too long, said too much, or
#: died, and how stands behind it. The code writes no such letter.
ANSWER, SLOW, LONG, DIED = b"A", b"T", b"O", b"D"
_CHUNK = 1 << 16
#: What a worker does, from reading its request to its answer.
Work = Callable[[Callable[[], bytes]], bytes]


class Worker:
    """A process, confined, that answers one request, and ends.

    It is started ahead of its request, so that nobody waits for what it can do without.

    Args:
        cell: What it is confined by.
        work: What it does. It runs in the new process.
    """

    def __init__(self, cell: Cell, work: Work) -> None:
        request, self._request = os.pipe()
        self._answer, answer = os.pipe()
        creator = os.getpid()
        self._process = os.fork()
        if not self._process:
            try:
                cell.enter(request, answer)
                if os.getppid() == creator:  # else it died before it could take this one with it
                    _write(work(_read))
                # Nothing that the code has set up for the end is run.
                os._exit(0)
            except LayerError as error:
                _write(LAYER + error.as_json())
            finally:
                os._exit(1)
        os.close(request)
        os.close(answer)
        os.set_blocking(self._request, False)

    def ask(
        self, request: memoryview, answer: mmap.mmap, seconds: float, lifeline: int
    ) -> tuple[bytes, int]:
        """Sends the request and receives the answer.

        Args:
            request: The request.
            answer: Where the answer is written.
            seconds: How long it may take.
            lifeline: A file descriptor; where its other end is closed, this process ends.

        Returns:
            What came of it, and how much was written to ``answer``.
        """
        kind, size = self._exchange(request, answer, seconds, lifeline)
        if kind == ANSWER and not size:
            status = self._status().encode()
            answer[: len(status)] = status
            return DIED, len(status)
        return kind, size

    def _exchange(
        self, request: memoryview, answer: mmap.mmap, seconds: float, lifeline: int
    ) -> tuple[bytes, int]:
        end = time.monotonic() + seconds
        wait = select.poll()
        wait.register(self._answer, select.POLLIN)
        wait.register(self._request, select.POLLOUT)
        wait.register(lifeline, 0)  # only whether it has been hung up
        size = 0
        with memoryview(answer) as view:
            while (left := end - time.monotonic()) > 0:
                ready = dict(wait.poll(1000 * left))
                if lifeline in ready:
                    os._exit(0)
                if self._request in ready:
                    request = self._write(request)
                    if not request:
                        wait.unregister(self._request)
                        self._close_request()
                if self._answer in ready:
                    if size == len(view):
                        return LONG, 0
                    more = os.readv(self._answer, [view[size:]])
                    if not more:
                        return ANSWER, size
                    size += more
        return SLOW, 0

    def _write(self, request: memoryview) -> memoryview:
        """Writes what the pipe takes, and returns the rest; nothing for who reads no more."""
        try:
            return request[os.write(self._request, request) :]
        except BrokenPipeError:
            return request[:0]

    def _close_request(self) -> None:
        if self._request >= 0:
            os.close(self._request)
            self._request = -1

    def _status(self) -> str:
        """How the process ended, which has closed its pipe; empty where it lives on."""
        for _ in range(100):
            found = os.waitid(os.P_PID, self._process, os.WEXITED | os.WNOHANG | os.WNOWAIT)
            if found is not None:
                how = "exit" if found.si_code == os.CLD_EXITED else "signal"
                return f"{how} {found.si_status}"
            time.sleep(0.001)
        return ""

    def stop(self) -> None:
        """Ends the process, if it has not ended."""
        os.kill(self._process, signal.SIGKILL)

    def wait(self) -> None:
        """Waits for the end of the process."""
        os.waitpid(self._process, 0)
        os.close(self._answer)
        self._close_request()


def _read() -> bytes:
    parts = []
    while part := os.read(REQUEST, _CHUNK):
        parts.append(part)
    os.close(REQUEST)
    return b"".join(parts)


def _write(answer: bytes) -> None:
    view = memoryview(answer)
    while view:
        view = view[os.write(REPLY, view) :]
    os.close(REPLY)
