"""How large the prompts of an episode are: what an agent makes its models read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypedDict

from agents.model import Call
from benchmarks.measures.curve import Curve, Thinned


class Part(TypedDict):
    """The prompts of one role in one routine.

    Attributes:
        role: Who was asked.
        routine: What for; empty where the agent does not tell.
        calls: How many calls.
        tokens: Tokens of their prompts, those that were cached included.
        largest_call: Tokens of the longest prompt.
        largest_step: Most tokens of a game step.
    """

    role: str
    routine: str
    calls: int
    tokens: int
    largest_call: int
    largest_step: int


class Context(TypedDict, total=False):
    """The prompts of an episode; empty where no model was asked.

    Attributes:
        parts: By role and routine, in alphabetical order.
        largest_step: Most tokens of a game step, over all parts.
        growth_per_step: By how many tokens the prompts of a game step grow from one step to the
            next: the slope of the line through all steps with the least squares. None where there
            is one step only.
    """

    parts: list[Part]
    largest_step: int
    growth_per_step: float | None


@dataclass
class _Sum:
    calls: int = 0
    tokens: int = 0
    largest_call: int = 0
    largest_step: int = 0
    step: int = 0  # of the step that is going on

    def add(self, tokens: int) -> None:
        self.calls += 1
        self.tokens += tokens
        self.step += tokens
        self.largest_call = max(self.largest_call, tokens)

    def end_step(self) -> None:
        self.largest_step, self.step = max(self.largest_step, self.step), 0

    def part(self, role: str, routine: str) -> Part:
        return {
            "role": role,
            "routine": routine,
            "calls": self.calls,
            "tokens": self.tokens,
            "largest_call": self.largest_call,
            "largest_step": self.largest_step,
        }


@dataclass
class _Slope:
    """The slope of values at 1, 2, 3, and so on; from sums alone."""

    count: int = 0
    places: float = 0.0
    values: float = 0.0
    squares: float = 0.0
    products: float = 0.0

    def add(self, value: float) -> None:
        self.count += 1
        self.places += self.count
        self.values += value
        self.squares += self.count**2
        self.products += self.count * value

    def slope(self) -> float | None:
        spread = self.count * self.squares - self.places**2
        if not spread:
            return None
        return (self.count * self.products - self.places * self.values) / spread


@dataclass
class ContextSize:
    """Adds up the prompts of an episode.

    A call belongs to the game step that it leads to, like the turns before that step.
    """

    _parts: dict[tuple[str, str], _Sum] = field(default_factory=dict)
    _whole: _Sum = field(default_factory=_Sum)
    _slope: _Slope = field(default_factory=_Slope)
    _curve: Curve = field(default_factory=Curve)

    def add(self, call: Call) -> None:
        """Adds a call that was answered."""
        tokens = call.completion.usage.input_tokens
        self._parts.setdefault((call.role, call.routine), _Sum()).add(tokens)
        self._whole.add(tokens)

    def end_step(self) -> None:
        """Ends a game step: what comes belongs to the next one."""
        self._slope.add(self._whole.step)
        self._curve.add(self._whole.step)
        for part in (self._whole, *self._parts.values()):
            part.end_step()

    def context(self) -> Context:
        """The sizes, after the last step."""
        if not self._parts:
            return {}
        growth = self._slope.slope()
        return {
            "parts": [total.part(*key) for key, total in sorted(self._parts.items())],
            "largest_step": self._whole.largest_step,
            "growth_per_step": None if growth is None else round(growth, 4),
        }

    def curve(self) -> Thinned | None:
        """Tokens of the prompts by game step; None where no model was asked."""
        return self._curve.thinned() if self._parts else None
