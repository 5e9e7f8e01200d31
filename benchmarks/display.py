"""What a run shows while it goes on: bars on a terminal, lines anywhere else."""

from __future__ import annotations

import time
from collections.abc import Mapping
from types import TracebackType
from typing import Protocol, Self

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from agents.accounting import Ledger
from benchmarks.executors.executor import Beat, Outcome
from benchmarks.models.figures import sums
from benchmarks.report.cells import rate

#: A quiet run prints this many lines at most, each for this many episodes at least.
QUIET_LINES, QUIET_EPISODES = 10, 10


class Display(Protocol):
    """Shows events; a context manager."""

    def show(self, event: Beat | Outcome) -> None:
        """Takes notice of an event."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...


class Pace:
    """Adds up what the events tell: steps per second, progression, time left.

    Args:
        totals: Episodes to play, by environment.
        ledger: What models have cost so far.
    """

    def __init__(self, totals: Mapping[str, int], ledger: Ledger | None = None) -> None:
        self.totals = dict(totals)
        self._ledger = ledger
        self.done = dict.fromkeys(totals, 0)
        self.failed = dict.fromkeys(totals, 0)
        self._progressions: dict[str, list[float]] = {env_id: [] for env_id in totals}
        self._steps: dict[str, int] = {}  # by digest: game steps so far
        self._tokens: dict[str, int] = {}  # likewise: tokens of model calls
        self._live: dict[str, tuple[str, float]] = {}  # by digest: environment and progression
        self._started = time.monotonic()

    def add(self, event: Beat | Outcome) -> None:
        """Counts an event."""
        digest, env_id = event.episode.digest, event.episode.env_id
        if isinstance(event, Beat):
            self._steps[digest] = event.game_steps
            self._tokens[digest] = event.tokens
            self._live[digest] = (env_id, event.progression or 0.0)
            return
        self._live.pop(digest, None)
        if event.result.error:
            self.failed[env_id] += 1
            return
        self.done[env_id] += 1
        self._steps[digest] = event.result.game_steps
        self._tokens[digest] = sum(
            account.usage.tokens for account in sums([event.result.models]).values()
        )
        if event.result.progression is not None:
            self._progressions[env_id].append(event.result.progression)

    def progression(self, env_id: str) -> str:
        """Mean progression so far, the episodes that are being played included, in percent."""
        live = [value for where, value in self._live.values() if where == env_id]
        values = [*self._progressions[env_id], *live]
        return f"{100 * sum(values) / len(values):.1f}%" if values else "-"

    @property
    def rate(self) -> str:
        """Game steps per second since the start, tokens per second, and what was spent."""
        seconds = max(self._elapsed, 1e-3)
        shown = [f"{rate(sum(self._steps.values()) / seconds)} steps/s"]
        if any(self._tokens.values()):
            shown.append(f"{rate(sum(self._tokens.values()) / seconds)} tokens/s")
        if self._ledger is not None and self._ledger.total.cost:
            shown.append(f"{self._ledger.total.cost:,.2f} USD")
        return ", ".join(shown)

    @property
    def left(self) -> str:
        """Estimated time left, from the episodes that have ended."""
        ended = sum(self.done.values()) + sum(self.failed.values())
        if not ended:
            return "time left unknown"
        seconds = int(self._elapsed / ended * (sum(self.totals.values()) - ended))
        hours, minutes = divmod(seconds // 60, 60)
        return f"{hours}:{minutes:02}:{seconds % 60:02} left"

    @property
    def _elapsed(self) -> float:
        return time.monotonic() - self._started


class LineDisplay:
    """Prints a line when an episode ends, or only now and then.

    Args:
        console: Where to print.
        pace: What to print.
        quiet: Whether to print few lines, :data:`QUIET_LINES` at most.
    """

    def __init__(self, console: Console, pace: Pace, quiet: bool) -> None:
        self._console, self._pace = console, pace
        self._ended = 0
        self._total = sum(pace.totals.values())
        self._every = max(QUIET_EPISODES, -(-self._total // QUIET_LINES)) if quiet else 1

    def show(self, event: Beat | Outcome) -> None:
        """Takes notice of an event."""
        self._pace.add(event)
        if isinstance(event, Beat):
            return
        self._ended += 1
        if self._ended % self._every and self._ended < self._total:
            return
        result, pace = event.result, self._pace
        said = (
            f"failed: {result.reason}"
            if result.error
            else (f"{result.episode_end} after {result.game_steps} steps")
        )
        line = (
            f"{self._ended}/{self._total} {event.episode.name}: {said}; "
            f"mean {pace.progression(event.episode.env_id)}, {pace.rate}, {pace.left}"
        )
        self._console.print(line, markup=False, highlight=False, soft_wrap=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing to take down."""


class LiveDisplay:
    """Shows a bar per environment on a terminal.

    Args:
        console: The terminal.
        pace: What to show.
    """

    def __init__(self, console: Console, pace: Pace) -> None:
        self._pace = pace
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[note]}"),
            TimeElapsedColumn(),
            console=console,
        )
        self._bars = {
            env_id: self._progress.add_task(escape(env_id), total=total, note="")
            for env_id, total in pace.totals.items()
        }
        self._whole = self._progress.add_task(
            "[bold]all[/]", total=sum(pace.totals.values()), note=""
        )

    def show(self, event: Beat | Outcome) -> None:
        """Takes notice of an event."""
        pace, env_id = self._pace, event.episode.env_id
        pace.add(event)
        failed = f" [red]{pace.failed[env_id]} failed[/]" if pace.failed[env_id] else ""
        self._progress.update(
            self._bars[env_id],
            completed=pace.done[env_id],
            note=f"progression {pace.progression(env_id)}{failed}",
        )
        self._progress.update(
            self._whole, completed=sum(pace.done.values()), note=f"{pace.rate}, {pace.left}"
        )

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()


def make_display(
    console: Console, totals: Mapping[str, int], quiet: bool, ledger: Ledger | None = None
) -> Display:
    """The display that fits: bars on a terminal; else lines, and few where it is to be quiet."""
    pace = Pace(totals, ledger)
    if console.is_terminal and not quiet:
        return LiveDisplay(console, pace)
    return LineDisplay(console, pace, quiet)
