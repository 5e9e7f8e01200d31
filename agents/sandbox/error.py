"""What can come of code that nobody trusts."""

from __future__ import annotations

#: A message from the code is cut at this length.
REASON_CHARS = 500


class SandboxError(Exception):
    """A call gave no value.

    Args:
        step: In what it failed, such as the name of the function.
        reason: Why. The code may have written it: it is cut, and controls nothing.
        line: The line of the code, from 1.
    """

    def __init__(self, step: str, reason: str, line: int = 1) -> None:
        self.step, self.reason, self.line = plain(step), plain(reason), line
        super().__init__(step, reason, line)

    def __str__(self) -> str:
        return f"line {self.line}: in {self.step}: {self.reason}"


class CodeError(SandboxError):
    """The code raised something."""


class StoppedError(SandboxError):
    """The code was stopped: it took too much of something, or its process died."""


class ConfinementError(Exception):
    """This machine cannot confine code, or did not do so this time: nothing was run."""


def plain(text: str) -> str:
    """What code has written, as one short line that steers no terminal and fits any file."""
    shown = "".join(c if c.isprintable() else " " for c in text[:REASON_CHARS])
    return shown.strip()
