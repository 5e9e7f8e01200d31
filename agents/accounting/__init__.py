"""Accounting: what calls cost, what a run has spent, and when it has spent enough."""

from agents.accounting.account import Account
from agents.accounting.budget import Budget
from agents.accounting.ledger import Ledger, account_in
from agents.accounting.prices import Prices

__all__ = ["Account", "Budget", "Ledger", "Prices", "account_in"]
