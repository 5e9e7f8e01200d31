"""How much a run may spend."""

from __future__ import annotations

from dataclasses import dataclass

from agents.accounting.account import Account
from agents.model import BudgetSpentError


@dataclass(frozen=True, slots=True)
class Budget:
    """Limits; None for none.

    Attributes:
        usd: USD, for all calls of all roles.
        tokens: Tokens, in and out.
    """

    usd: float | None = None
    tokens: int | None = None

    def __post_init__(self) -> None:
        for name in ("usd", "tokens"):
            value = getattr(self, name)
            if value is not None and not value >= 0:
                raise ValueError(f"--budget-{name} is at least 0, not {value}")

    def check(self, spent: Account) -> None:
        """Checks that more may be spent.

        Raises:
            BudgetSpentError: A limit is reached.
        """
        if self.usd is not None and spent.cost >= self.usd:
            raise BudgetSpentError(
                f"the budget of {self.usd:,.2f} USD is spent ({spent.cost:,.2f} in {spent.calls:,} "
                "calls); the same command with a higher --budget-usd goes on from here"
            )
        if self.tokens is not None and spent.usage.tokens >= self.tokens:
            raise BudgetSpentError(
                f"the budget of {self.tokens:,} tokens is spent ({spent.usage.tokens:,} in "
                f"{spent.calls:,} calls); the same command with a higher --budget-tokens goes on "
                "from here"
            )
