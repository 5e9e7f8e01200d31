"""Reads what comes out of a sandbox. The code can have written any bytes."""

from __future__ import annotations

import json
import math
import signal
from typing import Any

from agents.sandbox.error import CodeError, StoppedError
from agents.sandbox.limits import SandboxLimits

#: Lists within lists. What is nested deeper could be read, but not always be handled or shown.
DEPTH = 50


def read_answer(step: str, answer: bytes, limits: SandboxLimits) -> Any:
    """Reads an answer.

    Args:
        step: What was asked for.
        answer: A letter, see :meth:`agents.sandbox.child.Child.ask`, and what belongs to it: the
            bytes that the code has written, with a letter of :mod:`agents.sandbox.inside.call`.
        limits: What the call was allowed.

    Raises:
        CodeError: The code raised something.
        StoppedError: It was stopped, died, or answered what is none.
    """
    kind, content = answer[:1], answer[1:]
    if kind == b"T":
        raise StoppedError(step, f"it took longer than {limits.seconds:g} s and was stopped")
    if kind == b"O":
        raise StoppedError(step, f"it returned more than {limits.message_bytes:,} bytes")
    if kind == b"D":
        raise StoppedError(step, _death(content.decode(), limits))
    kind, content = content[:1], content[1:]
    try:
        value = json.loads(content, parse_constant=_no_number, parse_float=_finite)
        _check_depth(value)
        if kind == b"E":
            told, line, reason = value["step"], value["line"], value["reason"]
            if not (type(line) is int and isinstance(told, str) and isinstance(reason, str)):
                raise ValueError("no error")
    except (ValueError, RecursionError, TypeError, KeyError) as error:
        raise StoppedError(step, "its answer is no plain JSON") from error
    if kind == b"E":
        raise CodeError(told, reason, line if 0 < line < 1_000_000 else 1)
    if kind != b"V":
        raise StoppedError(step, "its answer is none")
    return value


def _death(status: str, limits: SandboxLimits) -> str:
    how, _, number = status.partition(" ")
    if how == "signal" and int(number) == signal.SIGXCPU:
        return f"it computed for longer than {limits.cpu_seconds} s and was stopped"
    if how == "signal":
        return f"its process was killed ({signal.strsignal(int(number)) or number})"
    if how == "exit":
        return f"its process ended without an answer (status {number})"
    return "it closed its answer without having given one"


def _no_number(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise ValueError(f"{digits} is too large")
    return number


def _check_depth(value: Any) -> None:
    level = [value]
    for _ in range(DEPTH):
        level = [
            inner
            for one in level
            if isinstance(one, list | dict)
            for inner in (one.values() if isinstance(one, dict) else one)
        ]
        if not level:
            return
    raise ValueError("too deep")
