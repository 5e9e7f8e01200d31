"""The sandbox's process: it starts a fresh process for every call, and runs none of the code itself.

It reads frames from its standard input and writes frames to its standard output: the length as four
bytes, then the content. An answer begins with a letter, see :data:`Outcome` and
:mod:`agents.sandbox.inside.call`. The first frame holds the settings.

All calls are forked from the same state. So no call can leave anything to the next one, and none can
find what another one was given: requests and answers stand in memory that is emptied after each.
"""

from __future__ import annotations

import gc
import importlib
import json
import mmap
import os
import re
import select
import signal
import sys
import time
from collections.abc import Callable
from typing import Any, NoReturn

from agents.sandbox.inside import landlock, namespaces
from agents.sandbox.inside.call import CODE, LAYER, Cell, answer_call, compile_code
from agents.sandbox.inside.kernel import (
    PR_SET_DUMPABLE,
    PR_SET_NO_NEW_PRIVS,
    drop_capabilities,
    prctl,
)
from agents.sandbox.inside.seccomp import Filter

#: What else may come of a call: it took too long, said too much, or died (the status follows).
SLOW, LONG, DIED = b"T", b"O", b"D"
#: The sandbox is ready.
READY = b"R"
_HEADER = 4
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
    """Serves calls until its input ends.

    Args:
        source: File descriptor that frames are read from.
        target: File descriptor that frames are written to.
    """

    def __init__(self, source: int, target: int) -> None:
        self._source, self._target = source, target
        settings = json.loads(self._read(self._private(_HEADER + 1_000_000)))
        self._seconds: float = settings["seconds"]
        self._most: int = settings["message_bytes"]
        self._place: str = settings["place"]
        self._first = False  # whether this is process 1 of its own namespace
        text: str = settings["source"]
        for name in sorted({*_PRELOADED} & {*re.findall(r"[a-z0-9]+", text)}):
            importlib.import_module(name)
        try:
            self._cell = self._confine(settings["layers"], settings)
        except OSError as error:
            self._fail(self._layer, str(error))
        self._request = self._private(_HEADER + self._most)
        self._answer = self._private(self._most)
        # Objects that are there now are left alone by collections in the forked processes.
        gc.collect()
        gc.freeze()
        kind, size = self._run(lambda fd: compile_code(self._cell, fd, text, self._place))
        self._code = self._answer[len(CODE) : size]
        if kind or not self._answer[:size].startswith(CODE):
            self._send(kind, size)
            sys.exit()
        self._send(READY, 0)

    def _confine(self, layers: list[str], settings: dict[str, Any]) -> Cell:
        libraries = [path for path in sys.path if os.path.isdir(path)]  # noqa: PTH112
        libraries = [
            one
            for one in libraries
            if not any(one.startswith(f"{other}/") for other in libraries)
        ]
        self._layer = "namespaces"
        if self._layer in layers:
            namespaces.enter(libraries)
            self._first = True
        self._layer = "privileges"
        prctl("prctl", PR_SET_NO_NEW_PRIVS, 1)
        prctl("prctl", PR_SET_DUMPABLE, 0)
        drop_capabilities()
        self._layer = "landlock"
        ruleset = landlock.rules(libraries) if self._layer in layers else None
        self._layer = "seccomp"
        calls = Filter() if self._layer in layers else None
        return Cell(ruleset, calls, settings["memory_bytes"], settings["cpu_seconds"])

    def _fail(self, layer: str, reason: str) -> NoReturn:
        text = json.dumps({"layer": layer, "reason": reason}).encode()
        os.write(self._target, (1 + len(text)).to_bytes(_HEADER, "big") + LAYER + text)
        sys.exit()

    @staticmethod
    def _private(size: int) -> mmap.mmap:
        """Memory that stands in no other process, and can be emptied for good."""
        return mmap.mmap(-1, size, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)

    def serve(self) -> None:
        """Serves calls."""
        while True:
            request = self._read(self._request)
            kind, size = self._run(
                lambda fd, r=request: answer_call(self._cell, fd, self._code, self._place, bytes(r))
            )
            self._send(kind, size)
            request.release()
            self._request.madvise(mmap.MADV_DONTNEED)
            self._answer.madvise(mmap.MADV_DONTNEED)

    def _read(self, buffer: mmap.mmap) -> memoryview:
        """Reads a frame; ends the process where there is none."""
        size, got = _HEADER, 0
        with memoryview(buffer) as view:
            while got < size:
                more = os.readv(self._source, [view[got:size]])
                if not more:
                    os._exit(0)
                got += more
                if got == size == _HEADER:
                    size += int.from_bytes(view[:_HEADER], "big")
        return memoryview(buffer)[_HEADER:size]

    def _send(self, kind: bytes, size: int) -> None:
        with memoryview(self._answer) as view:
            parts = [(len(kind) + size).to_bytes(_HEADER, "big") + kind, view[:size]]
            left = _HEADER + len(kind) + size
            while left:
                sent = os.writev(self._target, parts)
                left -= sent
                if left:
                    first = min(sent, len(parts[0]))
                    parts = [parts[0][first:], parts[1][sent - first :]]

    def _run(self, work: Callable[[int], NoReturn]) -> tuple[bytes, int]:
        """Does work in a process of its own.

        Returns:
            What came of it, empty for an answer; and how much of ``_answer`` belongs to it.
        """
        reading, writing = os.pipe()
        process = os.fork()
        if not process:
            try:
                work(writing)
            finally:
                os._exit(1)
        os.close(writing)
        try:
            kind, size = self._receive(reading)
            if not kind and not size:
                kind, size = DIED, self._status(process)
        finally:
            os.close(reading)
            self._end(process)
        return kind, size

    def _receive(self, reading: int) -> tuple[bytes, int]:
        end = time.monotonic() + self._seconds
        wait = select.poll()
        wait.register(reading, select.POLLIN)
        wait.register(self._source, 0)  # only whether it has been hung up
        size = 0
        with memoryview(self._answer) as view:
            while (left := end - time.monotonic()) > 0:
                ready = dict(wait.poll(1000 * left))
                if self._source in ready:
                    os._exit(0)
                if ready:
                    if size == len(view):
                        return LONG, 0
                    more = os.readv(reading, [view[size:]])
                    if not more:
                        return b"", size
                    size += more
        return SLOW, 0

    def _status(self, process: int) -> int:
        """How a process ended that has closed its pipe; the text stands in ``_answer``."""
        status = ""
        for _ in range(100):
            found = os.waitid(os.P_PID, process, os.WEXITED | os.WNOHANG | os.WNOWAIT)
            if found is not None:
                ended = found.si_code == os.CLD_EXITED
                status = f"{'exit' if ended else 'signal'} {found.si_status}"
                break
            time.sleep(0.001)
        self._answer[: len(status)] = status.encode()
        return len(status)

    def _end(self, process: int) -> None:
        """Ends a process, and all that it has started."""
        os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)
        if self._first:
            try:
                os.kill(-1, signal.SIGKILL)
                while True:
                    os.waitpid(-1, 0)
            except (ProcessLookupError, ChildProcessError):
                pass


def main() -> None:
    """Runs the sandbox's process."""
    source, target = os.dup(0), os.dup(1)
    # What the code prints goes where the errors go, to /dev/null.
    os.dup2(2, 0)
    os.dup2(2, 1)
    Server(source, target).serve()
