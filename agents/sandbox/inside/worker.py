"""The process of one call."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable

from agents.sandbox.inside.cell import REPLY, REQUEST, Cell, LayerError

#: What an answer begins with where a layer of the confinement failed: nothing was run.
LAYER = b"L"
#: Before a request stands its length, as so many bytes.
HEADER = 4
#: What a pipe holds.
_CHUNK = 1 << 16
#: What a worker does, from reading its request to its answer.
Work = Callable[[Callable[[], bytes]], bytes]


class Worker:
    """A process, confined, that answers one request, and ends.

    It is started ahead of its request, so that nobody waits for what it can do without.

    Args:
        cell: What it is confined by.
        work: What it does. It runs in the new process.

    Attributes:
        pipes: Where its request is written to, and where its answer is read.
    """

    def __init__(self, cell: Cell, work: Work) -> None:
        request, writing = os.pipe()
        reading, answer = os.pipe()
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
        self.pipes = (writing, reading)

    def close_pipes(self) -> None:
        """Closes the pipes here; somebody else has them."""
        for pipe in self.pipes:
            os.close(pipe)

    def status(self) -> str:
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


def _read() -> bytes:
    size = int.from_bytes(_read_exactly(HEADER), "big")
    request = _read_exactly(size)
    os.close(REQUEST)
    return request


def _read_exactly(size: int) -> bytes:
    parts = []
    while size:
        part = os.read(REQUEST, min(size, _CHUNK))
        if not part:
            raise EOFError("nobody asks")
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def _write(answer: bytes) -> None:
    view = memoryview(answer)
    while view:
        view = view[os.write(REPLY, view) :]
    os.close(REPLY)
