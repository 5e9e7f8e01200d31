"""The ledger of a run: what each role has spent, written down call by call, and the limits."""

from __future__ import annotations

import glob
import json
import os
import threading
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, Self

from agents.accounting.account import Account
from agents.accounting.budget import Budget
from agents.accounting.prices import Prices
from agents.model import Completion, ModelSetupError, ModelSpec, ToolCompletion, Usage

_PRICE = """
[[price]]
models = [{name}]
input = 0.0     # USD per million tokens
cached = 0.0
written = 0.0
output = 0.0
"""


class Ledger:
    """Counts the calls of a run; for many threads at once.

        ledger = Ledger.resume(run / "calls.jsonl", specs, Prices.load(), Budget(usd=5))
        ledger.check()                                      # before each call
        ledger.record("gameplay", completion, "NetHack 42", "plan")  # after it
        ledger.total.cost, ledger.accounts["gameplay", "messages:claude-opus-5-5"]

    Calls that are under way when a limit is reached end and are counted: a run spends a little more
    than its budget, by at most what it has in flight.

    Args:
        models: The models by role.
        prices: What they cost.
        budget: How much may be spent, what was spent before included.

    Attributes:
        accounts: Sums by role and model.
        budget: How much may be spent; a new one counts from the next check on.

    Raises:
        ModelSetupError: The budget is in USD, and a model has no price.
    """

    def __init__(
        self,
        models: Mapping[str, ModelSpec],
        prices: Prices | None = None,
        budget: Budget | None = None,
    ) -> None:
        self._models = dict(models)
        self._prices = prices or Prices.load()
        self.budget = budget or Budget()
        self._lock = threading.Lock()
        self._file: int | None = None
        self.accounts: dict[tuple[str, str], Account] = {}
        self._total = Account()
        for model in self._models.values() if self.budget.usd is not None else ():
            if self._prices.price(model) is None:
                # As TOML writes a text, and as a pattern that means this name alone.
                name = json.dumps(glob.escape(model.name))
                raise ModelSetupError(
                    f"a budget in USD needs to know what {model.name} costs. Write this into a "
                    f"file, with its prices, and name the file with --prices:\n"
                    f"{_PRICE.format(name=name)}"
                )

    @classmethod
    def resume(
        cls,
        path: str | Path,
        models: Mapping[str, ModelSpec],
        prices: Prices | None = None,
        budget: Budget | None = None,
    ) -> Self:
        """Opens the ledger that is kept in a file, and goes on where it stopped.

        Args:
            path: The file; made where it is not there. A torn last line is taken away.
            models: The models by role.
            prices: What they cost; what is written down already keeps its cost.
            budget: How much may be spent, what stands in the file included.

        Raises:
            ValueError: The file is no ledger; the message names the line.
            ModelSetupError: As for the class.
        """
        ledger = cls(models, prices, budget)
        ledger._open(Path(path))
        return ledger

    @property
    def total(self) -> Account:
        """Everything in sum."""
        return self._total

    def check(self) -> None:
        """Checks that one more call may be made.

        Raises:
            BudgetSpentError: The budget is spent.
        """
        self.budget.check(self._total)

    def record(
        self,
        role: str,
        completion: Completion | ToolCompletion,
        episode: str = "",
        routine: str = "",
    ) -> float | None:
        """Counts a call that was answered, and writes it down before it returns.

        Args:
            role: Who was asked.
            completion: The answer.
            episode: For which episode.
            routine: What for.

        Returns:
            Its cost in USD; None where the price is not known.
        """
        model = self._models[role]
        cost = self._prices.cost(model, completion.usage)
        line = {
            "episode": episode,
            "role": role,
            "routine": routine,
            "model": str(model),
            "usage": asdict(completion.usage),
            "stop_reason": completion.stop_reason,
            "seconds": round(completion.latency, 4),
            "cost": cost,
        }
        with self._lock:
            self._count(line)
            if self._file is not None:
                _write(self._file, f"{json.dumps(line, separators=(',', ':'))}\n".encode())
        return cost

    def to_json(self) -> dict[str, Any]:
        """The sums as plain data."""
        accounts = [
            {"role": role, "model": model, **account.to_json()}
            for (role, model), account in sorted(self.accounts.items())
        ]
        return {"total": self._total.to_json(), "accounts": accounts}

    def close(self) -> None:
        """Closes the file; may be called twice."""
        with self._lock:
            if self._file is not None:
                os.close(self._file)
                self._file = None

    def _count(self, line: Mapping[str, Any]) -> None:
        account = _account(line)
        key = (line["role"], line["model"])
        self.accounts[key] = self.accounts.get(key, Account()) + account
        self._total += account

    def _open(self, path: Path) -> None:
        file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o644)
        try:
            content = path.read_bytes()
            whole = content.rfind(b"\n") + 1
            for number, line in enumerate(content[:whole].split(b"\n")[:-1], 1):
                try:
                    self._count(json.loads(line))
                except (ValueError, TypeError, KeyError) as error:
                    raise ValueError(f"{path}, line {number} is no call: {error!r}") from error
            os.ftruncate(file, whole)
        except BaseException:
            os.close(file)
            raise
        self._file = file


def account_in(path: Path, episode: str | None = None) -> Account:
    """What stands in the file of a ledger, in sum; a torn last line does not count.

    Args:
        path: The file; where it is not there, nothing was spent.
        episode: Only what was spent on this one.

    Raises:
        ValueError: The file is no ledger; the message names the line.
    """
    total = Account()
    lines = path.read_bytes().split(b"\n")[:-1] if path.exists() else []
    for number, text in enumerate(lines, 1):
        try:
            line = json.loads(text)
            total += _account(line) if episode in (None, line["episode"]) else Account()
        except (ValueError, TypeError, KeyError) as error:
            raise ValueError(f"{path}, line {number} is no call: {error!r}") from error
    return total


def _account(line: Mapping[str, Any]) -> Account:
    """A line of the file as a sum."""
    cost = line["cost"]
    return Account(
        1, Usage(**line["usage"]), float(line["seconds"]), cost or 0.0, int(cost is None)
    )


def _write(file: int, content: bytes) -> None:
    while content:
        content = content[os.write(file, content) :]
