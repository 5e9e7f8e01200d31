"""What some calls took, in sum."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from agents.model import Usage


@dataclass(frozen=True, slots=True)
class Account:
    """A sum over calls.

    Attributes:
        calls: How many.
        usage: Their tokens.
        seconds: Sum of their latencies; calls run at the same time, so this is no duration.
        cost: USD, as far as prices are known.
        unpriced: How many of the calls have no price.
    """

    calls: int = 0
    usage: Usage = field(default_factory=Usage)
    seconds: float = 0.0
    cost: float = 0.0
    unpriced: int = 0

    def __add__(self, other: Account) -> Account:
        return Account(
            self.calls + other.calls,
            self.usage + other.usage,
            self.seconds + other.seconds,
            self.cost + other.cost,
            self.unpriced + other.unpriced,
        )

    @property
    def hit_rate(self) -> float | None:
        """Share of the prompts' tokens that a cache of their beginning held."""
        tokens = self.usage.input_tokens
        return self.usage.cached_tokens / tokens if tokens else None

    def to_json(self) -> dict[str, Any]:
        """The same as plain data."""
        return asdict(self) | {"hit_rate": self.hit_rate}
