"""The sandbox's process: it starts a fresh process for every call, and runs none of the code.

It reads frames from its standard input and writes frames to its standard output: the length as four
bytes, then the content. What it writes begins with a letter, see
:mod:`agents.sandbox.inside.worker`. The first frame holds the settings.

All calls are forked from the same state. So no call can leave anything to the next one, and none
can find what another one was given: requests and answers stand in memory that is emptied each time.
"""

from __future__ import annotations

import contextlib
import functools
import gc
import importlib
import json
import mmap
import os
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from agents.sandbox.inside import landlock, namespaces
from agents.sandbox.inside.call import CODE, answer_call, compile_code
from agents.sandbox.inside.cell import Cell, LayerError, limit_resources
from agents.sandbox.inside.kernel import (
    PR_SET_DUMPABLE,
    PR_SET_NO_NEW_PRIVS,
    drop_capabilities,
    prctl,
)
from agents.sandbox.inside.seccomp import Filter
from agents.sandbox.inside.worker import ANSWER, LAYER, Worker

#: The sandbox is ready.
READY = b"R"
_HEADER = 4
_SETTINGS_BYTES = 16_000_000
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

    def serve(self) -> None:
        """Starts, and serves calls.

        Raises:
            Exception: It could not be started; :meth:`fail` tells that.
        """
        settings = json.loads(bytes(self._read(_private(_HEADER + _SETTINGS_BYTES))))
        self._seconds: float = settings["seconds"]
        most: int = settings["message_bytes"]
        source, place = settings["source"], settings["place"]
        for name in sorted({*_PRELOADED} & {*re.findall(r"[a-z0-9]+", source)}):
            importlib.import_module(name)
        self._confine(settings["layers"], settings)
        # One byte more, which tells that an answer is too long.
        self._request, self._answer = _private(_HEADER + most), _private(most + 1)
        # Objects that are there now are left alone by collections in the forked processes.
        gc.collect()
        gc.freeze()
        compiling = Worker(self._cell, functools.partial(compile_code, source=source, place=place))
        kind, size = self._run(compiling, memoryview(b""))
        if kind != ANSWER or self._answer[: len(CODE)] != CODE:
            self._finish(compiling, kind, size)
            return
        code = self._answer[len(CODE) : size]
        self._finish(compiling, READY, 0)
        work = functools.partial(answer_call, code=code, place=place)
        last = compiling
        while True:
            worker = Worker(self._cell, work)
            # The last one has been killed; its memory is taken down while the next one gets ready.
            last.wait()
            with self._read(self._request) as request:
                kind, size = self._run(worker, request)
            self._finish(worker, kind, size)
            last = worker

    def fail(self, error: Exception) -> None:
        """Tells that it could not be started, and why."""
        if not isinstance(error, LayerError):
            error = LayerError("start", f"{type(error).__name__}: {error}")
        text = LAYER + error.as_json()
        os.write(self._target, len(text).to_bytes(_HEADER, "big") + text)

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

    def _run(self, worker: Worker, request: memoryview) -> tuple[bytes, int]:
        return worker.ask(request, self._answer, self._seconds, self._source)

    def _finish(self, worker: Worker, kind: bytes, size: int) -> None:
        """Passes an answer on, and leaves nothing of the call."""
        worker.stop()
        with memoryview(self._answer) as view:
            left = (len(kind) + size).to_bytes(_HEADER, "big") + kind
            parts = [memoryview(left), view[:size]]
            while parts[0] or parts[1]:
                sent = os.writev(self._target, parts)
                first = min(sent, len(parts[0]))
                parts = [parts[0][first:], parts[1][sent - first :]]
        self._request.madvise(mmap.MADV_DONTNEED)
        self._answer.madvise(mmap.MADV_DONTNEED)


@contextlib.contextmanager
def _layer(name: str) -> Iterator[None]:
    """Says which layer it was that failed."""
    try:
        yield
    except (OSError, ValueError) as error:
        raise LayerError(name, error) from error


def _private(size: int) -> mmap.mmap:
    """Memory that stands in no other process, and can be emptied for good."""
    return mmap.mmap(-1, size, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)


def main() -> None:
    """Runs the sandbox's process."""
    source, target = os.dup(0), os.dup(1)
    # What the code prints goes where the errors go, to /dev/null.
    os.dup2(2, 0)
    os.dup2(2, 1)
    server = Server(source, target)
    try:
        server.serve()
    except Exception as error:
        server.fail(error)
