"""What one model costs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Self

from agents.model import Usage
from memory_fs.suggestion import did_you_mean

_MILLION = 1_000_000
#: USD per million tokens; what is above it is a slip.
_MOST = 1_000_000


@dataclass(frozen=True, slots=True)
class Rates:
    """USD per million tokens.

    Attributes:
        input: Of the prompt, where no cache took part.
        cached: Read from the prompt cache.
        written: Written into it.
        output: Of the answer.
    """

    input: float = 0.0
    cached: float = 0.0
    written: float = 0.0
    output: float = 0.0

    def cost(self, usage: Usage) -> float:
        """USD for some tokens."""
        fresh = usage.input_tokens - usage.cached_tokens - usage.written_tokens
        return (
            fresh * self.input
            + usage.cached_tokens * self.cached
            + usage.written_tokens * self.written
            + usage.output_tokens * self.output
        ) / _MILLION

    @classmethod
    def from_toml(cls, table: Mapping[str, Any]) -> Self:
        """Reads the four rates of a table.

        Raises:
            ValueError: One is missing or is no price.
        """
        return cls(**{field.name: _price(table, field.name) for field in fields(cls)})


@dataclass(frozen=True, slots=True)
class Price:
    """What a model costs.

    Attributes:
        rates: Its rates.
        above: Longest prompt, in tokens, that they hold for; None: any.
        long: The rates of calls with a longer prompt.
    """

    rates: Rates
    above: int | None = None
    long: Rates | None = None

    def cost(self, usage: Usage) -> float:
        """USD for one call."""
        if self.long and self.above is not None and usage.input_tokens > self.above:
            return self.long.cost(usage)
        return self.rates.cost(usage)

    @classmethod
    def from_toml(cls, entry: Mapping[str, Any]) -> Self:
        """Reads an entry of a price file.

        Raises:
            ValueError: It is none; the message tells why.
        """
        _known(entry, ("models", "long"))
        rates = Rates.from_toml(entry)
        long = entry.get("long")
        if long is None:
            return cls(rates)
        if not isinstance(long, Mapping):
            raise ValueError("long is a table [price.long]")
        _known(long, ("above",))
        above = long.get("above")
        if not isinstance(above, int) or isinstance(above, bool) or above < 1:
            raise ValueError(f"long: above is a number of tokens, not {above!r}")
        try:
            return cls(rates, above, Rates.from_toml(long))
        except ValueError as error:
            raise ValueError(f"long: {error}") from None


def _known(table: Mapping[str, Any], more: tuple[str, ...]) -> None:
    names = (*more, *(field.name for field in fields(Rates)))
    for name in table:
        if name not in names:
            hint = did_you_mean(name, names)
            raise ValueError(f"there is no {name!r}.{hint} There are {', '.join(names)}")


def _price(table: Mapping[str, Any], name: str) -> float:
    if name not in table:
        raise ValueError(f"{name} is missing")
    value = table[name]
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if not number or not 0 <= value <= _MOST:
        raise ValueError(f"{name} is USD from 0 to {_MOST:,}, not {value!r:.80}")
    return float(value)
