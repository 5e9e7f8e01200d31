"""One call of hostile code, in a process of its own that ends with it."""

from __future__ import annotations

import inspect
import json
import marshal
import math
import os
import resource
import signal
import traceback
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NoReturn

from agents.sandbox.inside import landlock
from agents.sandbox.inside.kernel import PR_SET_PDEATHSIG, prctl
from agents.sandbox.inside.seccomp import Filter

#: What an answer begins with: JSON, what was raised, compiled code, or a layer that failed.
VALUE, RAISED, CODE, LAYER = b"V", b"E", b"C", b"L"
#: The file descriptor that the answer is written to; beside it there are three of /dev/null.
_ANSWER = 3
_REASON_CHARS = 500


@dataclass(frozen=True)
class Cell:
    """What each call is confined by.

    Attributes:
        ruleset: Landlock's rules as a file descriptor; None where they do not hold.
        filter: The filter of system calls; None where it does not hold.
        memory_bytes: Address space.
        cpu_seconds: Time of a processor.
    """

    ruleset: int | None
    filter: Filter | None
    memory_bytes: int
    cpu_seconds: float

    def enter(self, answer: int) -> None:
        """Confines this process for good.

        Args:
            answer: The file descriptor for the answer. Where a layer fails, that is the answer,
                and the process ends.
        """
        layer = "limits"
        try:
            prctl("prctl", PR_SET_PDEATHSIG, int(signal.SIGKILL))
            for limit, soft, hard in self._limits():
                resource.setrlimit(limit, (soft, hard))
            layer = "landlock"
            if self.ruleset is not None:
                landlock.restrict(self.ruleset)
            os.dup2(answer, _ANSWER, inheritable=False)
            answer = _ANSWER
            os.closerange(_ANSWER + 1, 1024)
            layer = "seccomp"
            if self.filter is not None:
                self.filter.install()
        except (OSError, ValueError) as error:
            found = {"layer": layer, "reason": str(error)}
            _end(answer, LAYER + json.dumps(found).encode())

    def _limits(self) -> Iterator[tuple[int, int, int]]:
        cpu = math.ceil(self.cpu_seconds)
        # A signal says that it was the time; who ignores it is killed a second later.
        yield resource.RLIMIT_CPU, cpu, cpu + 1
        for limit, most in (
            (resource.RLIMIT_AS, self.memory_bytes),
            (resource.RLIMIT_FSIZE, 0),
            (resource.RLIMIT_CORE, 0),
            (resource.RLIMIT_NPROC, 0),
            (resource.RLIMIT_MEMLOCK, 0),
            (resource.RLIMIT_NOFILE, 64),
        ):
            yield limit, most, most


def compile_code(cell: Cell, answer: int, source: str, place: str) -> NoReturn:
    """Answers with compiled code, and ends this process. None of the code is run."""
    cell.enter(answer)
    try:
        code = marshal.dumps(compile(source, place, "exec", dont_inherit=True))
    except BaseException as error:
        _end(_ANSWER, _raised("its code", error, place))
    _end(_ANSWER, CODE + code)


def answer_call(cell: Cell, answer: int, code: bytes, place: str, request: bytes) -> NoReturn:
    """Runs code that nobody trusts, answers with what it gave, and ends this process."""
    cell.enter(answer)
    step = "its code"
    try:
        wanted = json.loads(request)
        names: dict[str, Any] = {"__name__": "scaffold_hooks", "__file__": place}
        exec(marshal.loads(code), names)
        if "look" in wanted:
            step = "what it defines, which is no plain JSON"
            value: Any = _look(names, **wanted["look"])
        else:
            step = name = wanted["name"]
            value = names[name](*wanted["arguments"])
            step = f"what {name} gave, which is no plain JSON"
        text = json.dumps(value, allow_nan=False).encode()
    except BaseException as error:
        _end(_ANSWER, _raised(step, error, place))
    _end(_ANSWER, VALUE + text)


def _look(names: dict[str, Any], functions: dict[str, int], values: list[str]) -> dict[str, Any]:
    """Which names there are, what speaks against each function, and the values."""
    found = {}
    for name, count in functions.items():
        if name in names:
            found[name] = _mismatch(names[name], count)
    return {"functions": found, "values": {name: names[name] for name in values if name in names}}


def _mismatch(function: Any, count: int) -> str:
    try:
        inspect.signature(function).bind(*range(count))
    except (TypeError, ValueError) as error:
        return str(error)[:_REASON_CHARS]
    return ""


def _raised(step: str, error: BaseException, place: str) -> bytes:
    lines = [
        line
        for frame, line in traceback.walk_tb(error.__traceback__)
        if frame.f_code.co_filename == place
    ]
    try:
        text = str(error)
    except BaseException:
        text = "(it raised again when it was asked what it was)"
    last = lines[-1] if lines else getattr(error, "lineno", None)
    found = {
        "step": step,
        "line": last if isinstance(last, int) else 1,
        "reason": f"{type(error).__name__}: {text}"[:_REASON_CHARS],
    }
    return RAISED + json.dumps(found).encode()


def _end(answer: int, text: bytes) -> NoReturn:
    """Writes the answer and ends the process, whatever else the code has set up to be done."""
    try:
        view = memoryview(text)
        while view:
            view = view[os.write(answer, view) :]
        os.close(answer)
    finally:
        os._exit(0)
