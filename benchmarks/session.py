"""A run that is open: its directory, its models, and who plays."""

from __future__ import annotations

from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from rich.console import Console

from agents.accounting import Budget, Ledger, Prices
from agents.model import BudgetSpentError
from benchmarks.campaign import carry_out, owed
from benchmarks.configuration import Configuration
from benchmarks.executors.catalogue import Placement
from benchmarks.executors.executor import Stop
from benchmarks.models.desk import ModelDesk
from benchmarks.models.opening import paid, specs_of
from benchmarks.rehearsal import open_paid, rehearse
from benchmarks.run_directory import RunDirectory


@dataclass(frozen=True)
class Means:
    """With what a run is played; it does not decide how its episodes go.

    Attributes:
        placement: Where.
        prices: What models cost.
        budget: How much may be spent.
        allow_used_seeds: Whether seeds may be played that scaffold or adapter was made with.
        scenes: Whether what the games draw is recorded, for replays.
    """

    placement: Placement = field(default_factory=Placement)
    prices: Prices = field(default_factory=Prices.load)
    budget: Budget = field(default_factory=Budget)
    allow_used_seeds: bool = False
    scenes: bool = True


class Session:
    """An open run. Use it in a ``with`` block, or close it.

    Args:
        settings: What is played.
        out: The run directory: a new one, or one that goes on.
        means: With what.
        overwrite: Whether to remove the run that is there.
        desk: Opened models of the same specifications, which stay open; by default they are opened
            when something is left to play, and closed with the session.

    Attributes:
        directory: The run directory, prepared and locked.
        ledger: What the models have cost; None where all are free.

    Raises:
        ValueError: A setting makes no sense.
        OSError: Something cannot be read or written.
        ImportError: What the executor needs is not installed.
        ModelError: A model cannot be had.
    """

    def __init__(
        self,
        settings: Configuration,
        out: Path,
        means: Means | None = None,
        overwrite: bool = False,
        desk: ModelDesk | None = None,
    ) -> None:
        means = means or Means()
        self.ledger: Ledger | None = None
        with ExitStack() as stack:
            self.directory = stack.enter_context(RunDirectory(out))
            settings = rehearse(settings, means.allow_used_seeds)
            costly = paid(specs_of(settings.episodes()[0]))
            Ledger(costly, means.prices, means.budget)  # says so where a model lacks its price
            # A model may take minutes to open: not before it is clear that it will be asked.
            asked = costly and self.directory.left(settings, overwrite)
            if desk is None:
                desk = ModelDesk(open_paid(settings) if asked else {})
                stack.callback(desk.close)
            self.directory.prepare(settings, overwrite)
            if costly:
                self.ledger = Ledger.resume(
                    self.directory.calls, costly, means.prices, means.budget
                )
                stack.callback(self.ledger.close)
            desk.ledger = self.ledger
            self._executor = means.placement.open(desk, means.prices, means.scenes)
            self._opened = stack.pop_all()

    @property
    def left(self) -> int:
        """How many episodes have no result."""
        return len(owed(self.directory))

    @property
    def outdated(self) -> Counter[str]:
        """How many finished episodes other code has recorded, by what differs from it now."""
        return Counter(self.directory.outdated())

    def play(self, console: Console, quiet: bool = False) -> Stop | None:
        """Plays what is left.

        Args:
            console: Where progress is shown.
            quiet: Whether little is to be shown.

        Returns:
            Why not all was tried that there was to try; None where it was.

        Raises:
            KeyboardInterrupt: The run was interrupted.
        """
        try:
            if self.left and self.ledger is not None:
                self.ledger.check()
        except BudgetSpentError as spent:
            return spent
        return carry_out(self.directory, self._executor, console, quiet, self.ledger)

    def close(self) -> None:
        """Closes what is open; may be called twice."""
        self._opened.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
