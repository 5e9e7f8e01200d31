"""The sandbox's process: it starts a fresh process for every call, and runs none of the code.

Its standard input is a socket. It reads the settings and then the compiled code from there, each
with its length before it as four bytes. For every call it sends the two pipes of a process that
waits for a request: the request is sent, and the answer read, by who asks. So nothing of a call is
ever here, where all are forked from the same state: no call can leave anything to the next one, and
none can find what another one was given.

Each message with pipes is the letter W, a length as four bytes, and so much text: how the process
before has ended, where that was asked for. After each call one letter is read: K if that was all, S
if it should be told how the process ended.
"""

from __future__ import annotations

import contextlib
import functools
import gc
import importlib
import json
import os
import re
import socket
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from agents.sandbox.inside import landlock, namespaces
from agents.sandbox.inside.call import answer_call, compile_code
from agents.sandbox.inside.cell import REPLY, REQUEST, Cell, LayerError, limit_resources
from agents.sandbox.inside.kernel import (
    PR_SET_DUMPABLE,
    PR_SET_NO_NEW_PRIVS,
    drop_capabilities,
    prctl,
)
from agents.sandbox.inside.seccomp import Filter
from agents.sandbox.inside.worker import HEADER, LAYER, Worker

_TELL = b"S"
#: Modules that are imported once where the code names them, as each call would import them anew.
#: None of them does anything but define names when it is imported.
_PRELOADED = (
    *("abc", "array", "base64", "bisect", "calendar", "cmath", "collections", "contextlib"),
    *("copy", "dataclasses", "datetime", "decimal", "difflib", "enum", "fractions", "functools"),
    *("graphlib", "hashlib", "heapq", "html", "inspect", "io", "itertools", "json", "math"),
    *("numbers", "operator", "random", "re", "shlex", "statistics", "string", "struct"),
    *("textwrap", "time", "traceback", "types", "typing", "unicodedata", "zlib"),
)


class Server:
    """Serves calls until nobody asks any more.

    Args:
        control: Who asks.
    """

    def __init__(self, control: socket.socket) -> None:
        self._control = control
        self._status = b""

    def serve(self) -> None:
        """Starts, and serves calls.

        Raises:
            Exception: It could not be started; :meth:`fail` tells that.
        """
        settings = json.loads(self._read())
        source, place = settings["source"], settings["place"]
        for name in sorted({*_PRELOADED} & {*re.findall(r"[a-z0-9]+", source)}):
            importlib.import_module(name)
        self._confine(settings["layers"], settings)
        # Objects that are there now are left alone by collections in the forked processes.
        gc.collect()
        gc.freeze()
        compiling = Worker(self._cell, functools.partial(compile_code, source=source, place=place))
        self._lend(compiling)
        self._wait(compiling)
        work = functools.partial(answer_call, code=self._read(), place=place)
        # One is always ahead: it gets ready while the one before works, and can be lent at once.
        last, worker = None, Worker(self._cell, work)
        while True:
            self._lend(worker)
            following = Worker(self._cell, work)
            if last is not None:
                last.wait()  # it has been killed, and its memory was taken down meanwhile
            self._wait(worker)
            last, worker = worker, following

    def fail(self, error: Exception) -> None:
        """Tells that it could not be started, and why."""
        if not isinstance(error, LayerError):
            error = LayerError("start", f"{type(error).__name__}: {error}")
        text = error.as_json()
        self._control.sendall(LAYER + len(text).to_bytes(HEADER, "big") + text)

    def _confine(self, layers: Sequence[str], settings: dict[str, Any]) -> None:
        found = [path for path in sys.path if Path(path).is_dir()]
        libraries = [path for path in found if not any(path.startswith(f"{one}/") for one in found)]
        ruleset = calls = None
        with _layer("namespaces"):
            if "namespaces" in layers:
                namespaces.enter(libraries)
        with _layer("limits"):
            prctl("prctl", PR_SET_NO_NEW_PRIVS, 1)
            prctl("prctl", PR_SET_DUMPABLE, 0)
            drop_capabilities()
            limit_resources(settings["memory_bytes"])
        with _layer("landlock"):
            if "landlock" in layers:
                ruleset = landlock.rules(libraries)
        with _layer("seccomp"):
            if "seccomp" in layers:
                calls = Filter()
        self._cell = Cell(ruleset, calls, settings["cpu_seconds"])

    def _read(self) -> bytes:
        """Reads a message; ends the process where there is none."""
        size = int.from_bytes(self._read_exactly(HEADER), "big")
        return self._read_exactly(size)

    def _read_exactly(self, size: int) -> bytes:
        parts = bytearray()
        while len(parts) < size:
            part = self._control.recv(size - len(parts))
            if not part:
                os._exit(0)
            parts += part
        return bytes(parts)

    def _lend(self, worker: Worker) -> None:
        """Lends a process for one call."""
        text = b"W" + len(self._status).to_bytes(HEADER, "big") + self._status
        socket.send_fds(self._control, [text], worker.pipes)
        worker.close_pipes()

    def _wait(self, worker: Worker) -> None:
        """Waits until a process is given back, and kills it."""
        tell = self._read_exactly(1) == _TELL
        self._status = worker.status().encode() if tell else b""
        worker.stop()


@contextlib.contextmanager
def _layer(name: str) -> Iterator[None]:
    """Says which layer it was that failed."""
    try:
        yield
    except (OSError, ValueError) as error:
        raise LayerError(name, error) from error


def main() -> None:
    """Runs the sandbox's process."""
    control = os.dup(0)
    # What is left for the code is /dev/null.
    os.dup2(2, 0)
    # These two numbers are those of the pipes in the process of a call: nothing that it needs
    # before may have them.
    assert {control, os.dup(2)} == {REPLY, REQUEST}
    server = Server(socket.socket(fileno=control))
    try:
        server.serve()
    except Exception as error:
        server.fail(error)
