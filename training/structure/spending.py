"""What a search has spent, and how much it may."""

from __future__ import annotations

import json
import math
import time
from dataclasses import dataclass
from pathlib import Path

from agents.accounting import Account, Budget, account_in
from benchmarks.whole_file import replace_file
from training.structure.directory import SearchError
from training.structure.review import review_name
from training.structure.stopped import SearchStoppedError

_HOUR = 3600


@dataclass(frozen=True, slots=True)
class Allowance:
    """Limits of a search, over all its invocations; None for none.

    Attributes:
        usd: USD, for all calls of the agent's models, of the reviewer and of the engine.
        tokens: Tokens, in and out.
        episodes: Episodes that are played.
        hours: Wall time, in hours.
    """

    usd: float | None = None
    tokens: int | None = None
    episodes: int | None = None
    hours: float | None = None

    def __post_init__(self) -> None:
        for name in ("usd", "tokens", "episodes", "hours"):
            value = getattr(self, name)
            if value is not None and not value >= 0:
                raise ValueError(f"--budget-{name} is at least 0, not {value}")


class Spending:
    """Counts what a search spends.

    Args:
        root: The directory of the search. Calls are counted from the ledgers below it.
        allowance: How much it may spend.

    Raises:
        SearchError: The file with the wall time is damaged.
    """

    def __init__(self, root: Path, allowance: Allowance) -> None:
        self._root, self._allowance = root, allowance
        self._clock = root / "clock.json"
        self._before = _seconds_in(self._clock)
        self._started = time.monotonic()

    @property
    def seconds(self) -> float:
        """Wall time of all invocations."""
        return self._before + time.monotonic() - self._started

    @property
    def calls(self) -> Account:
        """All calls that were paid for, from the ledgers of runs, reviews and proposals."""
        own = (self.reviews, self.proposals)
        ledgers = [*own, *sorted(self._root.glob("evaluations/*/*/calls.jsonl"))]
        return sum(map(account_in, ledgers), Account())

    def reviewed(self, number: int) -> Account:
        """The reviewer's calls for an attempt, in sum.

        Args:
            number: Number of the attempt.
        """
        return account_in(self.reviews, review_name(number))

    @property
    def reviews(self) -> Path:
        """The file with the reviewer's calls, a call a line."""
        return self._root / "reviewer.jsonl"

    @property
    def proposals(self) -> Path:
        """The file with the engine's calls of loop 2, a call a line."""
        return self._root / "engine.jsonl"

    @property
    def episodes(self) -> int:
        """Episodes that were played to their end."""
        return sum(1 for _ in self._root.glob("evaluations/*/*/episodes/**/result.json"))

    def save(self) -> None:
        """Writes down the wall time."""
        replace_file(self._clock, json.dumps({"seconds": round(self.seconds, 1)}) + "\n")

    def budget(self, ledger: Path) -> Budget:
        """What may still be spent on calls that are counted in a ledger, by that ledger's count.

        Args:
            ledger: Its file; what stands in it already is part of the budget.
        """
        spent, here = self.calls, account_in(ledger)
        usd, tokens = self._allowance.usd, self._allowance.tokens
        return Budget(
            None if usd is None else max(0.0, usd - spent.cost + here.cost),
            None if tokens is None else max(0, tokens - spent.usage.tokens + here.usage.tokens),
        )

    def check(self, episodes: int = 0) -> None:
        """Checks that the search may go on.

        Args:
            episodes: How many episodes are to be played next.

        Raises:
            SearchStoppedError: A limit is reached.
        """
        self.save()
        limit = self._allowance
        if limit.hours is not None and self.seconds >= limit.hours * _HOUR:
            raise SearchStoppedError(
                f"the {limit.hours:g} hours of this search are over; a higher --budget-hours goes "
                "on from here"
            )
        if limit.episodes is not None and self.episodes + episodes > limit.episodes:
            raise SearchStoppedError(
                f"{self.episodes:,} episodes were played, and {episodes:,} more would be beyond "
                f"the {limit.episodes:,} of this search; a higher --budget-episodes goes on"
            )
        if limit.usd is not None or limit.tokens is not None:
            spent = self.calls
            if limit.usd is not None and spent.cost >= limit.usd:
                raise SearchStoppedError(
                    f"the {limit.usd:,.2f} USD of this search are spent; a higher --budget-usd "
                    "goes on from here"
                )
            if limit.tokens is not None and spent.usage.tokens >= limit.tokens:
                raise SearchStoppedError(
                    f"the {limit.tokens:,} tokens of this search are spent; a higher "
                    "--budget-tokens goes on from here"
                )


def _seconds_in(clock: Path) -> float:
    """The wall time of earlier invocations.

    Raises:
        SearchError: The file does not tell it.
    """
    try:
        seconds = float(json.loads(clock.read_text("utf-8"))["seconds"])
        if not 0 <= seconds < math.inf:
            raise ValueError(f"{seconds} is no number of seconds")
    except FileNotFoundError:
        return 0.0
    except (KeyError, TypeError, ValueError) as error:
        raise SearchError(
            f"{clock} is damaged: {error!r}. It holds the wall time that the search has taken; if "
            "you delete it, the search goes on, and its hours are counted from zero"
        ) from error
    return seconds
