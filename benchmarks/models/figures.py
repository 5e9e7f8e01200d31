"""What models took, as results hold it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypedDict

from agents.accounting import Account
from agents.model import Usage


class Figures(TypedDict):
    """What calls took in sum; ``cost_usd`` is None where one of them had no price."""

    calls: int
    input_tokens: int
    cached_tokens: int
    written_tokens: int
    output_tokens: int
    seconds: float
    cost_usd: float | None


def figures(account: Account) -> Figures:
    """An account as plain data."""
    usage = account.usage
    return {
        "calls": account.calls,
        "input_tokens": usage.input_tokens,
        "cached_tokens": usage.cached_tokens,
        "written_tokens": usage.written_tokens,
        "output_tokens": usage.output_tokens,
        "seconds": round(account.seconds, 4),
        "cost_usd": None if account.unpriced else round(account.cost, 8),
    }


def account_of(found: Figures) -> Account:
    """Reads what :func:`figures` gave."""
    usage = Usage(
        found["input_tokens"],
        found["cached_tokens"],
        found["written_tokens"],
        found["output_tokens"],
    )
    cost = found["cost_usd"]
    unpriced = found["calls"] if cost is None else 0
    return Account(found["calls"], usage, found["seconds"], cost or 0.0, unpriced)


def sums(episodes: Iterable[Mapping[str, Figures]]) -> dict[str, Account]:
    """Adds up what several episodes took, by role.

    Args:
        episodes: The figures of each by role.
    """
    found: dict[str, Account] = {}
    for roles in episodes:
        for role, taken in roles.items():
            found[role] = found.get(role, Account()) + account_of(taken)
    return found
