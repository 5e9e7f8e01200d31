"""By what this machine can confine code."""

from __future__ import annotations

import functools
import json
import sys
import warnings
from collections.abc import Mapping
from dataclasses import dataclass

from agents.sandbox.child import Child, ChildError
from agents.sandbox.error import ConfinementError
from agents.sandbox.limits import SandboxLimits

#: What can be missing on a machine; limits on memory, time and the like always hold.
LAYERS = ("namespaces", "landlock", "seccomp")
#: Each of these must be kept from the code, by one of the layers.
ESSENTIALS = {
    "files": ("landlock", "namespaces"),
    "the network": ("seccomp", "namespaces"),
    "other processes": ("seccomp",),  # and from making any: a limit does not bind root
}
#: Tries what no code may do, on things that are there on every machine where they are not hidden.
PROBE = """
import socket

def probe(file):
    found = []
    try:
        open(file).close()
        found.append("files")
    except OSError:
        pass
    try:
        with socket.socket() as outward:
            outward.settimeout(0)
            outward.connect(("127.0.0.1", 9))
    except BlockingIOError:
        found.append("the network")
    except OSError as error:
        if error.errno == 111:  # there is a network, only nobody who listens
            found.append("the network")
    return found
"""


@dataclass(frozen=True)
class Confinement:
    """By what this machine can confine code.

    Attributes:
        layers: The layers that hold.
        missing: Layer to reason why it does not hold.
    """

    layers: tuple[str, ...]
    missing: Mapping[str, str]

    @property
    def open(self) -> tuple[str, ...]:
        """What would be open to the code; the code is run only where this is empty."""
        return tuple(
            what for what, keepers in ESSENTIALS.items() if not {*keepers} & {*self.layers}
        )

    def check(self) -> None:
        """Checks that code can be run.

        Raises:
            ConfinementError: It would not be confined; the message says why.
        """
        if self.open:
            raise ConfinementError(
                f"this machine cannot keep it from {' and '.join(self.open)} ({self.reasons})"
            )

    @property
    def reasons(self) -> str:
        """Why layers are missing, in words."""
        return "; ".join(f"{layer}: {reason}" for layer, reason in self.missing.items())


@functools.cache
def confinement() -> Confinement:
    """By what this machine can confine code; tried once in each process.

    Where some of it is missing and the rest suffices, a warning says so.

    Raises:
        ConfinementError: No process could be started.
    """
    if not sys.platform.startswith("linux"):
        reason = f"it is a part of Linux, and this is {sys.platform}"
        return Confinement((), dict.fromkeys(LAYERS, reason))
    layers, missing = list(LAYERS), dict[str, str]()
    while (failed := _failed_layer(layers)) is not None:
        layer, reason = failed
        if layer not in layers:
            # Nothing that could be left out would help.
            return Confinement((), {**dict.fromkeys(LAYERS, reason), **missing})
        layers.remove(layer)
        missing[layer] = reason
    found = Confinement(tuple(layers), missing)
    if missing and not found.open:
        warnings.warn(
            f"code that comes with scaffolds is confined by {' and '.join(layers)} alone "
            f"({found.reasons}); see docs/sandbox.md",
            RuntimeWarning,
            stacklevel=2,
        )
    return found


def _failed_layer(layers: list[str]) -> tuple[str, str] | None:
    """The first of some layers that does not hold, and why."""
    try:
        child = Child(PROBE, "probe", layers, SandboxLimits())
    except OSError as error:
        raise ConfinementError(f"no process can be started: {error}") from error
    try:
        started = child.started()
        if started != b"R":
            failed = json.loads(started.lstrip(b"A")[1:])
            return failed["layer"], failed["reason"]
        request = {"name": "probe", "arguments": [__file__]}
        answer = child.ask(json.dumps(request).encode())
    except ChildError as error:
        return "start", str(error)
    finally:
        child.kill()
    if answer[:2] != b"AV":
        return "start", f"the trial gave {answer[:200]!r}"
    reached = json.loads(answer[2:])
    promised = [what for what in reached if {*ESSENTIALS[what]} & {*layers}]
    return (
        ("start", f"{' and '.join(promised)} could be reached all the same") if promised else None
    )
