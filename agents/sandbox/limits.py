"""What a call may take."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SandboxLimits:
    """What a call may take.

    Attributes:
        cpu_seconds: Time of a processor, in whole seconds. This stops what computes for ever,
            however busy the machine is.
        seconds: Time on the clock. This stops what waits for ever.
        memory_bytes: Address space, with that of the interpreter (about 30 MB).
        message_bytes: Length of the arguments as JSON, and of what is returned.
        deaths: After so many calls that had to be stopped, no further one is made.
    """

    cpu_seconds: int = 2
    seconds: float = 10.0
    memory_bytes: int = 256_000_000
    message_bytes: int = 4_000_000
    deaths: int = 5
