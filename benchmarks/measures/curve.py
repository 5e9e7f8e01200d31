"""A value at each game step, thinned to a few points."""

from __future__ import annotations

from typing import TypedDict

#: Points of a curve, at most.
POINTS = 200
#: Significant digits of a point.
_DIGITS = 5
#: No value is larger: characters and tokens are counted, up to where a float still can.
_MOST = 2**53


class Thinned(TypedDict):
    """A curve as a result holds it.

    Attributes:
        every: Game steps that a point stands for.
        steps: Game steps in all; the last point stands for what is left.
        values: The mean of each point's steps.
    """

    every: int
    steps: int
    values: list[float]


class Curve:
    """Takes a value at each game step, one after the other.

    However many there are, it holds at most :data:`POINTS` means: where one more would come, each
    two are joined.
    """

    def __init__(self) -> None:
        self._every = 1
        self._steps = 0
        self._means: list[float] = []
        self._sum, self._count = 0.0, 0

    def add(self, value: float) -> None:
        """Adds the value of the next game step."""
        if len(self._means) == POINTS:
            self._means = [(a + b) / 2 for a, b in zip(*[iter(self._means)] * 2, strict=True)]
            self._every *= 2
        self._steps += 1
        self._sum += value
        self._count += 1
        if self._count == self._every:
            self._means.append(self._sum / self._count)
            self._sum, self._count = 0.0, 0

    def thinned(self) -> Thinned:
        """The curve so far."""
        rest = [self._sum / self._count] if self._count else []
        values = [float(f"{mean:.{_DIGITS}g}") for mean in [*self._means, *rest]]
        return {"every": self._every, "steps": self._steps, "values": values}


def check_curve(curve: Thinned, name: str) -> None:
    """Checks a curve that was read from a file.

    Args:
        curve: The curve.
        name: How an error calls it.

    Raises:
        ValueError: It has not the points that its steps make, or one that no step can have.
    """
    every, steps, points = curve["every"], curve["steps"], len(curve["values"])
    if every < 1 or steps < 0 or -(-steps // every) != points:
        raise ValueError(f"{name} has {points} values for {steps} steps, one for each {every}")
    for value in curve["values"]:
        if not abs(value) <= _MOST:
            raise ValueError(f"{name} holds a value beyond {_MOST:,}, which none can be")


def places(curve: Thinned) -> list[float]:
    """The game steps of a curve's points: the middle of the steps that each stands for.

    Example:
        >>> places({"every": 4, "steps": 10, "values": [1.0, 2.0, 3.0]})
        [2.5, 6.5, 9.5]
    """
    starts = range(0, curve["steps"], curve["every"])
    return [(start + 1 + min(start + curve["every"], curve["steps"])) / 2 for start in starts]
