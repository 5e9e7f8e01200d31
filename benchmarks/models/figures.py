"""What models took, as results hold it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from agents.accounting import Account
from agents.model import Usage


def figures(account: Account) -> dict[str, Any]:
    """An account as plain data; ``cost_usd`` is None where a call had no price."""
    return {
        "calls": account.calls,
        **asdict(account.usage),
        "seconds": round(account.seconds, 4),
        "cost_usd": None if account.unpriced else round(account.cost, 8),
    }


def account_of(found: Mapping[str, Any]) -> Account:
    """Reads what :func:`figures` gave."""
    usage = Usage(**{name: found[name] for name in Usage.__dataclass_fields__})
    cost = found["cost_usd"]
    unpriced = found["calls"] if cost is None else 0
    return Account(found["calls"], usage, found["seconds"], cost or 0.0, unpriced)


def sums(episodes: Iterable[Mapping[str, Mapping[str, Any]]]) -> dict[str, Account]:
    """Adds up what several episodes took, by role.

    Args:
        episodes: The figures of each by role.
    """
    found: dict[str, Account] = {}
    for roles in episodes:
        for role, taken in roles.items():
            found[role] = found.get(role, Account()) + account_of(taken)
    return found
