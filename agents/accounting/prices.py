"""What models cost, from a file that the user can edit."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from importlib.resources import files
from pathlib import Path
from typing import Self

from agents.accounting.price import Price, Rates
from agents.model import ModelSpec, Usage

#: Backends whose models cost nothing per token.
FREE_BACKENDS = ("local", "scripted", "recorded")
FREE = Price(Rates())


class Prices:
    """Prices of models by name.

    Args:
        entries: Patterns of names, each with its price; the first one that matches counts.
    """

    def __init__(self, entries: Sequence[tuple[str, Price]]) -> None:
        self._entries = tuple(entries)

    @classmethod
    def load(cls, path: str | Path | None = None) -> Self:
        """Reads a price file, and behind it the one that ships with the package.

        Args:
            path: The user's file; None for none.

        Raises:
            ValueError: It is no price file; the message names the file and the entry.
            OSError: It cannot be read.
        """
        shipped = files(__package__).joinpath("prices.toml").read_text(encoding="utf-8")
        entries = [] if path is None else list(_read(_text(Path(path)), str(path)))
        return cls([*entries, *_read(shipped, "prices.toml")])

    def price(self, model: ModelSpec) -> Price | None:
        """The price of a model; None where no entry matches its name."""
        if model.backend in FREE_BACKENDS:
            return FREE
        for pattern, price in self._entries:
            if fnmatchcase(model.name, pattern):
                return price
        return None

    def cost(self, model: ModelSpec, usage: Usage) -> float | None:
        """USD for one call; None where the price of the model is not known."""
        price = self.price(model)
        return None if price is None else price.cost(usage)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise ValueError(f"{path} is no UTF-8 text: {error.reason}") from None


def _read(text: str, name: str) -> Iterator[tuple[str, Price]]:
    try:
        data = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"{name} is no TOML: {error}") from None
    entries = data.get("price", [])
    if set(data) - {"price"} or not isinstance(entries, list):
        raise ValueError(f"{name}: prices stand in tables [[price]], not {', '.join(data)}")
    for number, entry in enumerate(entries, 1):
        if not isinstance(entry, dict):
            raise ValueError(f"{name}: price {number} is a table [[price]], not {entry!r:.80}")
        models = entry.get("models")
        if not isinstance(models, list) or not all(isinstance(one, str) for one in models):
            raise ValueError(f"{name}: price {number}: models is a list of names, not {models!r}")
        try:
            price = Price.from_toml(entry)
        except ValueError as error:
            raise ValueError(f"{name}: price {number} ({', '.join(models)}): {error}") from None
        yield from ((pattern, price) for pattern in models)
