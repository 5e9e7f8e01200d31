"""Runs functions of code that nobody trusts."""

from __future__ import annotations

import json
import os
import threading
import weakref
from collections.abc import Collection, Mapping, Sequence
from typing import Any, NoReturn

from agents.sandbox.answer import read_answer
from agents.sandbox.child import Child, ChildError
from agents.sandbox.confinement import confinement
from agents.sandbox.error import ConfinementError, SandboxError, StoppedError, plain
from agents.sandbox.limits import SandboxLimits

#: A process can be killed for reasons that are not the code's, such as a machine without memory.
_TRIES = 2


class Sandbox:
    """Runs functions of code that nobody trusts: JSON in, JSON out.

    Each call finds the code as if it had just been imported: nothing is left of earlier calls. Its
    process is started with the first call; it ends with :meth:`close`, with this object, or with
    this process.

    Args:
        source: The code.
        place: How it is called in messages.
        limits: What a call may take.
        layers: By what it is confined; all that this machine has by default.

    Raises:
        ConfinementError: This machine cannot confine it.
    """

    def __init__(
        self,
        source: str,
        place: str,
        limits: SandboxLimits | None = None,
        layers: Collection[str] | None = None,
    ) -> None:
        if layers is None:
            found = confinement()
            found.check()
            layers = found.layers
        self._source, self._place, self._layers = source, place, layers
        self._limits = limits or SandboxLimits()
        self._deaths = 0
        self._child: Child | None = None
        self._lock = threading.Lock()

    def look(self, functions: Mapping[str, int], values: Sequence[str]) -> dict[str, Any]:
        """Looks at what the code defines.

        Args:
            functions: Names of functions, and how many arguments each must take.
            values: Names of other things, which are plain JSON.

        Returns:
            ``functions``: name to what speaks against it, an empty text where nothing does; and
            ``values``: name to value. What is not defined is in neither.

        Raises:
            SandboxError: The code failed.
            ConfinementError: It could not be confined.
        """
        wanted = {"functions": dict(functions), "values": list(values)}
        found = self._ask("its code", {"look": wanted})
        # The code could have answered anything.
        right = (
            isinstance(found, dict)
            and found.keys() == {"functions", "values"}
            and isinstance(found["functions"], dict)
            and isinstance(found["values"], dict)
            and found["functions"].keys() <= functions.keys()
            and all(isinstance(problem, str) for problem in found["functions"].values())
            and found["values"].keys() <= {*values}
        )
        if not right:
            raise StoppedError("its code", "it tampered with the answer")
        assert isinstance(found, dict)
        found["functions"] = {name: plain(told) for name, told in found["functions"].items()}
        return found

    def call(self, name: str, arguments: Sequence[Any]) -> Any:
        """Calls a function.

        Args:
            name: Its name.
            arguments: Plain JSON.

        Returns:
            What it gave: plain JSON, as the code chose it.

        Raises:
            SandboxError: It failed.
            ConfinementError: It could not be confined.
        """
        return self._ask(name, {"name": name, "arguments": list(arguments)})

    def _ask(self, step: str, wanted: Mapping[str, Any]) -> Any:
        request = json.dumps(wanted).encode()
        if len(request) > self._limits.message_bytes:
            most = self._limits.message_bytes
            raise SandboxError(
                step, f"{len(request):,} bytes are more than the {most:,} it may get"
            )
        with self._lock:
            if self._deaths >= self._limits.deaths:
                raise StoppedError(
                    step, f"it had to be stopped {self._deaths} times, and is called no more"
                )
            try:
                return read_answer(step, self._exchange(step, request), self._limits)
            except StoppedError:
                self._deaths += 1
                raise

    def _exchange(self, step: str, request: bytes) -> bytes:
        """Asks the process; a new one once more where it has ended, as no call leaves anything."""
        for _ in range(_TRIES):
            try:
                answer = self._running(step).ask(request)
                if answer[:1] != b"L":
                    return answer
                reason = "the sandbox's process has failed"
            except ChildError as error:
                reason = str(error)
            except BaseException:
                # Interrupted: its answer would be taken for that of the next call.
                self._drop()
                raise
            self._drop()
        raise StoppedError(step, reason)

    def _running(self, step: str) -> Child:
        if self._child is not None and self._child.owner != os.getpid():
            self._drop()  # this process is a copy of the one that has started it
        if self._child is None:
            try:
                child = Child(self._source, self._place, self._layers, self._limits)
            except OSError as error:
                raise ConfinementError(f"the sandbox could not be started: {error}") from error
            self._finalizer = weakref.finalize(self, child.kill)
            self._child = child
            started = child.started()
            if started[:1] != b"R":
                self._drop()
                self._refuse(step, started)
        return self._child

    def _refuse(self, step: str, started: bytes) -> NoReturn:
        layer = next((started[len(p) :] for p in (b"L", b"AL") if started.startswith(p)), None)
        if layer is not None:
            failed = json.loads(layer)
            raise ConfinementError(f"{failed['layer']} failed: {failed['reason']}")
        read_answer(step, started, self._limits)
        raise ConfinementError(f"the sandbox said {started[:80]!r}")

    def _drop(self) -> None:
        if self._child is not None:
            self._finalizer()
            self._child = None

    def forgive(self) -> None:
        """Begins anew to count the calls that had to be stopped."""
        self._deaths = 0

    def close(self) -> None:
        """Ends the process; the next call would start a new one."""
        with self._lock:
            self._drop()
