"""Runs code that nobody trusts, in a process that can reach nothing; see docs/sandbox.md."""

from agents.sandbox.confinement import Confinement, confinement
from agents.sandbox.error import CodeError, ConfinementError, SandboxError, StoppedError
from agents.sandbox.limits import SandboxLimits
from agents.sandbox.sandbox import Sandbox

__all__ = [
    "CodeError",
    "Confinement",
    "ConfinementError",
    "Sandbox",
    "SandboxError",
    "SandboxLimits",
    "StoppedError",
    "confinement",
]
