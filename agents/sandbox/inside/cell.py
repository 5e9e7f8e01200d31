"""What the process of one call is confined by."""

from __future__ import annotations

import json
import math
import os
import resource
import signal
from dataclasses import dataclass

from agents.sandbox.inside import landlock
from agents.sandbox.inside.kernel import PR_SET_PDEATHSIG, prctl
from agents.sandbox.inside.seccomp import Filter

#: The file descriptors that the process has, beside three of /dev/null.
REPLY, REQUEST = 3, 4
_FILES = 64


class LayerError(Exception):
    """A layer of the confinement failed.

    Args:
        layer: Its name.
        reason: Why.
    """

    def __init__(self, layer: str, reason: object) -> None:
        super().__init__(f"{layer}: {reason}")
        self._layer, self._reason = layer, str(reason)

    def as_json(self) -> bytes:
        """What it says, for who has started the sandbox."""
        return json.dumps({"layer": self._layer, "reason": self._reason}).encode()


@dataclass(frozen=True)
class Cell:
    """What the process of one call is confined by, beside what it inherits.

    Attributes:
        ruleset: Landlock's rules as a file descriptor; None where they do not hold.
        filter: The filter of system calls; None where it does not hold.
        cpu_seconds: Time of a processor.
    """

    ruleset: int | None
    filter: Filter | None
    cpu_seconds: float

    def enter(self, request: int, answer: int) -> None:
        """Confines this process for good; :data:`REQUEST` and :data:`REPLY` are its only files.

        Args:
            request: The file descriptor of the request.
            answer: That of the answer.

        Raises:
            LayerError: A layer failed.
        """
        os.dup2(answer, REPLY, inheritable=False)
        os.dup2(request, REQUEST, inheritable=False)
        layer = "limits"
        try:
            prctl("prctl", PR_SET_PDEATHSIG, int(signal.SIGKILL))
            cpu = math.ceil(self.cpu_seconds)
            # Who started us may ignore it, and that is inherited.
            signal.signal(signal.SIGXCPU, signal.SIG_DFL)
            # A signal says that it was the time; who ignores it is killed a second later.
            _lower(resource.RLIMIT_CPU, cpu, cpu + 1)
            _lower(resource.RLIMIT_NPROC, 0, 0)
            layer = "landlock"
            if self.ruleset is not None:
                landlock.restrict(self.ruleset)
            os.closerange(max(REPLY, REQUEST) + 1, resource.getrlimit(resource.RLIMIT_NOFILE)[0])
            _lower(resource.RLIMIT_NOFILE, _FILES, _FILES)
            layer = "seccomp"
            if self.filter is not None:
                self.filter.install()
        except (OSError, ValueError) as error:
            raise LayerError(layer, error) from error


def limit_resources(memory_bytes: int) -> None:
    """Sets the limits that the sandbox's process and those of its calls share.

    That of open files is for the calls alone: pipes that are lent and not taken yet are counted
    for all sandboxes of a user together, and compared with the limit of who lends more.

    Args:
        memory_bytes: Address space of each.

    Raises:
        OSError: It failed.
    """
    for limit, most in (
        (resource.RLIMIT_AS, memory_bytes),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_MEMLOCK, 0),
    ):
        _lower(limit, most, most)


def _lower(limit: int, soft: int, hard: int) -> None:
    """Lowers a limit, if it is not lower already."""
    now = resource.getrlimit(limit)[1]
    if now != resource.RLIM_INFINITY:
        soft, hard = min(soft, now), min(hard, now)
    resource.setrlimit(limit, (soft, hard))
