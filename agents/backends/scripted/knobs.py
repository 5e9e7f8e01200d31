"""The habits of a scripted model, as numbers in [0, 1].

======= ======= ===========================================================================
Knob    Default How often ...
======= ======= ===========================================================================
consult 1       a routine looks into the memory before it writes (LOG) or acts (PLAN)
blind   0       LOG, though it would look, writes without: lines that are there come again
forget  0       PLAN, though it would look, acts without
repeat  0       LOG, having looked, writes a line again that it has just read
early   0       LOG writes a game action
linger  0       PLAN looks around instead of acting, until it is told to act
verbose 0       a reply reasons in prose before its commands, and closes with a sentence
neglect 0       LOG, where something is to be noted, notes nothing
slip    0       a reply breaks the protocol, in one of the ways of ``slips.toml``
======= ======= ===========================================================================

Each is drawn anew for every reply, from the seed of the call. So LOG looks with probability
``consult * (1 - blind)`` and PLAN with ``consult * (1 - forget)``, where there is anything to see.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any, Self

from agents.model import ModelSetupError
from memory_fs.suggestion import did_you_mean


@dataclass(frozen=True, slots=True)
class Knobs:
    """Habits of a scripted model; see the table of this module."""

    consult: float = 1.0
    blind: float = 0.0
    forget: float = 0.0
    repeat: float = 0.0
    early: float = 0.0
    linger: float = 0.0
    verbose: float = 0.0
    slip: float = 0.0
    neglect: float = 0.0

    def __post_init__(self) -> None:
        for knob in fields(self):
            value = getattr(self, knob.name)
            if isinstance(value, bool) or not isinstance(value, int | float):
                raise ModelSetupError(f"{knob.name} is a number in [0, 1], not {value!r:.80}")
            if not (math.isfinite(value) and 0 <= value <= 1):
                raise ModelSetupError(f"{knob.name} is in [0, 1], not {value:g}")

    @classmethod
    def read(cls, name: str, options: Mapping[str, Any]) -> Self:
        """Reads the knobs of a model.

        Args:
            name: ``consult=0.5,blind=0.2``, or nothing.
            options: Knobs by name.

        Raises:
            ModelSetupError: There is no such knob, it stands in both, or its value is no number in
                [0, 1].
        """
        known = [knob.name for knob in fields(cls)]
        values: dict[str, Any] = {}
        for key, value in [*_parsed(name, known), *options.items()]:
            if key not in known:
                raise ModelSetupError(
                    f"a scripted model has no knob {key!r}.{did_you_mean(key, known)} "
                    f"Knobs: {', '.join(known)}, each in [0, 1]"
                )
            if key in values:
                raise ModelSetupError(
                    f"{key} is set twice, to {values[key]!r} and to {value!r:.80}"
                )
            values[key] = value
        return cls(**values)

    def __str__(self) -> str:
        """The knobs that are not at their defaults, as :meth:`read` takes them."""
        return ",".join(
            f"{knob.name}={getattr(self, knob.name):g}"
            for knob in fields(self)
            if getattr(self, knob.name) != knob.default
        )


def _parsed(name: str, known: list[str]) -> Iterator[tuple[str, float]]:
    for part in filter(None, (part.strip() for part in name.split(","))):
        key, equals, text = (piece.strip() for piece in part.partition("="))
        if not equals:
            raise ModelSetupError(
                f"{part!r} is no knob of a scripted model.{did_you_mean(part, known)} "
                "Write scripted, or scripted:KNOB=VALUE,KNOB=VALUE with knobs of "
                f"{', '.join(known)}"
            )
        try:
            yield key, float(text)
        except ValueError:
            raise ModelSetupError(f"{key} is a number in [0, 1], not {text!r:.80}") from None
