"""The sandbox's process, as it is seen from outside."""

from __future__ import annotations

import json
import os
import select
import socket
import subprocess
import sys
import time
from collections.abc import Collection
from dataclasses import asdict
from pathlib import Path

from agents.sandbox.limits import SandboxLimits

_HEADER = 4
_CHUNK = 1 << 16
#: How long the process may take to lend another one, in seconds: it only has to be forked. This is
#: for machines on which everything stands still.
_PATIENCE = 30.0
_HERE = Path(__file__).resolve().parent
#: Its packages stand for ours without their own code, which would import half of the package.
_PROGRAM = f"""
import sys, types
for name, path in (("agents", []), ("agents.sandbox", [{str(_HERE)!r}])):
    sys.modules[name] = types.ModuleType(name)
    sys.modules[name].__path__ = path
from agents.sandbox.inside.main import main
main()
"""


class ChildError(Exception):
    """The process has ended, or does not answer."""


class Child:
    """The sandbox's process.

    Args:
        source: The code that it runs.
        place: How the code is called in messages.
        layers: By what it is confined.
        limits: What a call may take.

    Raises:
        OSError: No process could be started.
    """

    def __init__(
        self, source: str, place: str, layers: Collection[str], limits: SandboxLimits
    ) -> None:
        self.owner = os.getpid()
        self._limits = limits
        settings = {"source": source, "place": place, "layers": list(layers), **asdict(limits)}
        self._settings = json.dumps(settings).encode()
        #: The pipes of the process that waits for the next request.
        self._pipes: list[int] = []
        # Sets have the same order in every run. The library path is for interpreters that need it.
        environment = {"PYTHONHASHSEED": "0"}
        if "LD_LIBRARY_PATH" in os.environ:
            environment["LD_LIBRARY_PATH"] = os.environ["LD_LIBRARY_PATH"]
        self._control, other = socket.socketpair()
        self._control.settimeout(_PATIENCE)
        try:
            self._process = subprocess.Popen(
                # -s, -S, -P: no packages, neither the user's nor those that are installed.
                [sys.executable, "-s", "-S", "-P", "-X", "utf8", "-c", _PROGRAM],
                stdin=other.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                cwd="/",
                env=environment,
                start_new_session=True,
            )
        except BaseException:
            self._control.close()
            raise
        finally:
            other.close()

    def started(self) -> bytes:
        """What it says of its start: ``R`` where it is ready, else as :meth:`ask`.

        Raises:
            ChildError: It has ended, or does not answer.
        """
        self._send(self._settings)
        answer = self.ask(b"")
        if not answer.startswith(b"AC"):
            return answer
        self._send(answer[2:])  # the compiled code
        return b"R"

    def ask(self, request: bytes) -> bytes:
        """Sends a request and returns the answer.

        Returns:
            ``A`` and what the code has written; or ``T`` if it took too long, ``O`` if it wrote
            too much, ``D`` and how if it died, ``L`` and why if it could not be confined.

        Raises:
            ChildError: It has ended, or does not answer.
        """
        if not self._pipes:
            kind, text = self._receive()
            if kind != b"W":
                return kind + text
        writing, reading = self._pipes
        self._pipes = []
        try:
            answer = self._exchange(writing, reading, request)
        finally:
            os.close(writing)
            os.close(reading)
        try:
            self._control.sendall(b"K" if answer != b"A" else b"S")
        except OSError as error:
            raise ChildError(f"the sandbox's process has ended: {error}") from error
        if answer != b"A":
            return answer
        kind, text = self._receive()
        return b"D" + text if kind == b"W" else kind + text

    def _exchange(self, writing: int, reading: int, request: bytes) -> bytes:
        end = time.monotonic() + self._limits.seconds
        os.set_blocking(writing, False)
        wait = select.poll()
        wait.register(reading, select.POLLIN)
        wait.register(writing, select.POLLOUT)
        left = memoryview(len(request).to_bytes(_HEADER, "big") + request)
        answer = bytearray(b"A")
        while (seconds := end - time.monotonic()) > 0:
            for pipe, _ in wait.poll(1000 * seconds):
                if pipe == writing:
                    left = left[_write(writing, left) :]
                    if not left:
                        wait.unregister(writing)
                    continue
                part = os.read(reading, _CHUNK)
                if not part:
                    return bytes(answer)
                answer += part
                if len(answer) > 1 + self._limits.message_bytes:
                    return b"O"
        return b"T"

    def _send(self, text: bytes) -> None:
        try:
            self._control.sendall(len(text).to_bytes(_HEADER, "big") + text)
        except OSError as error:
            raise ChildError(f"the sandbox's process has ended: {error}") from error

    def _receive(self) -> tuple[bytes, bytes]:
        """Receives a message: its letter and its text; the pipes are kept."""
        try:
            head, pipes, _, _ = socket.recv_fds(
                self._control, 1 + _HEADER, 2, socket.MSG_CMSG_CLOEXEC | socket.MSG_WAITALL
            )
            self._pipes += pipes
            if len(head) < 1 + _HEADER:
                raise ChildError("the sandbox's process has ended")
            size, text = int.from_bytes(head[1:], "big"), b""
            while len(text) < size:
                part = self._control.recv(size - len(text))
                if not part:
                    raise ChildError("the sandbox's process has ended")
                text += part
        except TimeoutError as error:
            raise ChildError("the sandbox's process does not answer") from error
        except OSError as error:
            raise ChildError(f"the sandbox's process has ended: {error}") from error
        return head[:1], text

    def kill(self) -> None:
        """Ends it for good, with all that it has started."""
        if os.getpid() == self.owner:  # a copy of this process has a line to it, and no say
            self._process.kill()
            self._process.wait()
        self._control.close()
        while self._pipes:
            os.close(self._pipes.pop())


def _write(pipe: int, left: memoryview) -> int:
    """Writes what the pipe takes; all of it is done for who reads no more."""
    try:
        return os.write(pipe, left)
    except BrokenPipeError:
        return len(left)
