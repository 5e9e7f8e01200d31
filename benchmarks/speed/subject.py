"""What is measured, and what comes of it."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Measurement:
    """The outcome of a measurement.

    Attributes:
        value: The value that has a target.
        details: What it was made of, such as both rates of a ratio.
    """

    value: float
    details: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Subject:
    """One thing that is measured.

    Attributes:
        name: Its name; ``--only`` picks by the words in it.
        what: What the value is, in words.
        unit: Unit of the value; empty for a ratio.
        bound: ``at least`` or ``at most``; empty where the value is only told.
        target: What the value should be.
        function: ``module:function`` that measures; empty where one measurement gives several
            subjects. It takes the seconds that it may spend (it may need more for a single
            round) and ``arguments``.
        arguments: Further arguments for the function.
        limits: What details may be at most; they belong to the target.
    """

    name: str
    what: str
    unit: str
    bound: str
    target: float
    function: str = ""
    arguments: Mapping[str, Any] = field(default_factory=dict)
    limits: Mapping[str, float] = field(default_factory=dict)

    def measure(self, seconds: float) -> Measurement:
        """Measures."""
        module, _, name = self.function.partition(":")
        function: Callable[..., Measurement] = getattr(importlib.import_module(module), name)
        return function(seconds, **self.arguments)

    def holds(self, found: Measurement) -> bool:
        """Whether what was measured meets the target, and its details their limits."""
        value, target = found.value, self.target
        met = {"at least": value >= target, "at most": value <= target, "": True}[self.bound]
        return met and all(found.details[name] <= most for name, most in self.limits.items())
