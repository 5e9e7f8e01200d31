"""The sandbox's process, as it is seen from outside."""

from __future__ import annotations

import contextlib
import json
import os
import select
import subprocess
import sys
import time
from collections.abc import Collection
from dataclasses import asdict
from pathlib import Path

from agents.sandbox.limits import SandboxLimits

_HEADER = 4
#: What the process may need beyond the limits of a call before it answers, in seconds. It answers
#: even for calls that hang; this is for machines on which everything stands still.
_GRACE = 20.0
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
        self._seconds = limits.seconds + _GRACE
        # Sets have the same order in every run. The library path is for interpreters that need it.
        environment = {"PYTHONHASHSEED": "0"}
        if "LD_LIBRARY_PATH" in os.environ:
            environment["LD_LIBRARY_PATH"] = os.environ["LD_LIBRARY_PATH"]
        self._process = subprocess.Popen(
            # -s, -S, -P: no packages, neither the user's nor those that are installed.
            [sys.executable, "-s", "-S", "-P", "-X", "utf8", "-c", _PROGRAM],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd="/",
            env=environment,
            start_new_session=True,
            bufsize=0,
        )
        assert self._process.stdin
        assert self._process.stdout
        self._source, self._target = self._process.stdout.fileno(), self._process.stdin.fileno()
        for pipe in (self._source, self._target):
            os.set_blocking(pipe, False)
        settings = {"source": source, "place": place, "layers": list(layers), **asdict(limits)}
        self._first: bytes | None = json.dumps(settings).encode()

    def started(self) -> bytes:
        """What it says of its start.

        Raises:
            ChildError: It has ended, or does not answer.
        """
        assert self._first is not None
        settings, self._first = self._first, None
        return self.ask(settings)

    def ask(self, request: bytes) -> bytes:
        """Sends a request and returns the answer.

        Raises:
            ChildError: It has ended, or does not answer.
        """
        end = time.monotonic() + self._seconds
        left = memoryview(len(request).to_bytes(_HEADER, "big") + request)
        try:
            while left:
                self._wait(self._target, select.POLLOUT, end)
                left = left[os.write(self._target, left) :]
            answer, size = bytearray(), _HEADER
            while len(answer) < size:
                self._wait(self._source, select.POLLIN, end)
                more = os.read(self._source, size - len(answer))
                if not more:
                    raise ChildError("the sandbox's process has ended")
                answer += more
                if len(answer) == size == _HEADER:
                    size += int.from_bytes(answer, "big")
        except OSError as error:
            raise ChildError(f"the sandbox's process has ended: {error}") from error
        return bytes(answer[_HEADER:])

    @staticmethod
    def _wait(pipe: int, event: int, end: float) -> None:
        wait = select.poll()
        wait.register(pipe, event)
        if not wait.poll(1000 * max(0.0, end - time.monotonic())):
            raise ChildError("the sandbox's process does not answer")

    def kill(self) -> None:
        """Ends it for good, with all that it has started."""
        if os.getpid() == self.owner:  # a copy of this process has pipes to it, and no say
            self._process.kill()
            self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            with contextlib.suppress(OSError):
                if pipe:
                    pipe.close()
