"""One call of code that nobody trusts, in a process of its own that ends with it."""

from __future__ import annotations

import json
import marshal
from collections.abc import Callable
from typing import Any

#: What an answer begins with: JSON, what was raised, compiled code.
VALUE, RAISED, CODE = b"V", b"E", b"C"
_REASON_CHARS = 500
#: As large as a usual request.
_SAMPLE = json.dumps({"text": "x" * 10_000, "words": [f"word {n}" for n in range(200)]})


def compile_code(read: Callable[[], bytes], source: str, place: str) -> bytes:
    """Compiles code; none of it is run.

    Args:
        read: Reads the request: nothing is asked for.
        source: The code.
        place: How it is called in messages.

    Returns:
        The answer.
    """
    try:
        return CODE + marshal.dumps(compile(source, place, "exec", dont_inherit=True))
    except BaseException as error:
        return _raised("its code", error, place)


def answer_call(read: Callable[[], bytes], code: bytes, place: str) -> bytes:
    """Runs code that nobody trusts.

    The code is imported before there is a request, so that no call waits for that.

    Args:
        read: Waits for the request and reads it: ``{"name": ..., "arguments": [...]}``, or
            ``{"look": ...}`` for what the code defines.
        code: What :func:`compile_code` made of it.
        place: How it is called in messages.

    Returns:
        The answer.
    """
    step = "its code"
    # Memory that a request needs is written to for the first time here, and not when it comes.
    json.loads(_SAMPLE)
    try:
        names: dict[str, Any] = {"__name__": "scaffold_hooks", "__file__": place}
        exec(marshal.loads(code), names)
        wanted = json.loads(read())
        if "look" in wanted:
            step = "what it defines, which is no plain JSON"
            value: Any = _look(names, **wanted["look"])
        else:
            step = name = wanted["name"]
            value = names[name](*wanted["arguments"])
            step = f"what {name} gave, which is no plain JSON"
        return VALUE + json.dumps(value, allow_nan=False).encode()
    except BaseException as error:
        return _raised(step, error, place)


def _look(names: dict[str, Any], functions: dict[str, int], values: list[str]) -> dict[str, Any]:
    """Which names there are, what speaks against each function, and the values."""
    found = {}
    for name, count in functions.items():
        if name in names:
            found[name] = _mismatch(names[name], count)
    return {"functions": found, "values": {name: names[name] for name in values if name in names}}


def _mismatch(function: Any, count: int) -> str:
    # Imported here: what the sandbox's process has loaded makes every fork of it dearer.
    import inspect

    try:
        inspect.signature(function).bind(*range(count))
    except (TypeError, ValueError) as error:
        return str(error)[:_REASON_CHARS]
    return ""


def _raised(step: str, error: BaseException, place: str) -> bytes:
    line = getattr(error, "lineno", None)
    frames = error.__traceback__
    while frames is not None:
        if frames.tb_frame.f_code.co_filename == place:
            line = frames.tb_lineno
        frames = frames.tb_next
    try:
        text = str(error)
    except BaseException:
        text = "(it raised again when it was asked what it was)"
    found = {
        "step": step,
        "line": line if isinstance(line, int) else 1,
        "reason": f"{type(error).__name__}: {text}"[:_REASON_CHARS],
    }
    return RAISED + json.dumps(found).encode()
