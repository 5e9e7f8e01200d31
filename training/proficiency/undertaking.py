"""What a training was begun with: only the very same one may go on in its directory."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.whole_file import replace_file
from training.proficiency.launching import LaunchError, is_first
from training.proficiency.training_result import RESULT, Training

#: Folder of checkpoints in an adapter's directory; hidden, as the adapter does not depend on it.
CHECKPOINTS = ".checkpoints"
_BEGUN = "begun.json"


class TrainingError(RuntimeError):
    """No adapter could be trained; the message says what to change."""


@contextmanager
def alone(out: Path) -> Iterator[None]:
    """Keeps other trainings out of a directory.

    A training goes on for a while when whoever started it is killed, and the next one would go on
    from its checkpoints while they are written.

    Args:
        out: The adapter's directory.

    Raises:
        LaunchError: Another training is at work there.
    """
    if not is_first():  # it speaks for all that train together
        yield
        return
    out.mkdir(parents=True, exist_ok=True)
    fd = os.open(out, os.O_RDONLY | os.O_CLOEXEC)  # the directory itself: no file is left behind
    try:
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise LaunchError(
                f"another training is at work in {out}, perhaps one whose search was killed: wait "
                "until it ends (at its next evaluation, where nobody listens to it), or end it"
            ) from None
        yield
    finally:
        os.close(fd)


def finished(out: Path, begun: dict[str, Any]) -> Training | None:
    """The result that is there already.

    Args:
        out: The adapter's directory.
        begun: What the training is begun with.

    Raises:
        TrainingError: There is that of another training, or half of one.
    """
    if (out / RESULT).exists():
        there = json.loads((out / RESULT).read_text(encoding="utf-8"))["begun"]
        _compare(out / RESULT, begun, there)
        return Training.read(out)
    path = out / CHECKPOINTS / _BEGUN
    if path.exists():
        _compare(path, begun, json.loads(path.read_text(encoding="utf-8")))
    elif (out / "adapter_config.json").exists():
        raise TrainingError(f"{out} holds an adapter from elsewhere; name another directory")
    return None


def begin(out: Path, begun: dict[str, Any]) -> None:
    """Writes down what a training is begun with.

    Args:
        out: As in :func:`finished`.
        begun: As in :func:`finished`.
    """
    (out / CHECKPOINTS).mkdir(parents=True, exist_ok=True)
    replace_file(out / CHECKPOINTS / _BEGUN, json.dumps(begun, indent=1) + "\n")


def _compare(path: Path, begun: dict[str, Any], there: dict[str, Any]) -> None:
    differing = [
        f"{name}: {_flat(there).get(name)!r} there, {value!r} here"
        for name, value in _flat(begun).items()
        if _flat(there).get(name) != value
    ]
    if differing:
        raise TrainingError(
            f"{path} is of another training ({'; '.join(differing)}); name another directory, or "
            "delete that one"
        )


def _flat(begun: dict[str, Any]) -> dict[str, Any]:
    return {**begun, **begun["recipe"], "recipe": None}
