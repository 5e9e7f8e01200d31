"""What the models of runs took, as rows and tables."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from agents.accounting import Account, Ledger
from benchmarks.models.figures import account_of
from benchmarks.short_ids import short_ids
from benchmarks.summary import Summary


def model_cells(summary: Summary, summaries: Sequence[Summary]) -> list[tuple[str, str]]:
    """The rows that tell of one environment's models: label and text.

    Args:
        summary: The environment.
        summaries: All environments of the table, which share the rows.

    Returns:
        No rows where none of them has models.
    """
    if not any(each.models or each.events_per_100_steps for each in summaries):
        return []
    steps, total = summary.all_steps, _total(summary)
    roles = "  ".join(
        f"{role} {_per(figures['calls'], steps, 2)}" for role, figures in summary.models.items()
    )
    shared = total.hit_rate
    events = sorted({name for each in summaries for name in each.events_per_100_steps})
    return [
        ("model calls / step", _per(total.calls, steps, 2)),
        ("  by role", roles or "-"),
        ("tokens in / step", _per(total.usage.input_tokens, steps, 0)),
        ("  of them cached, %", "-" if shared is None else f"{100 * shared:.1f}"),
        ("tokens out / step", _per(total.usage.output_tokens, steps, 0)),
        ("seconds / call", _per(total.seconds, total.calls, 2)),
        ("cost, USD", _usd(total)),
        *(
            (f"{name} / 100 steps", f"{summary.events_per_100_steps.get(name, 0):.2f}")
            for name in events
        ),
    ]


def print_model_comparison(
    console: Console, names: tuple[str, str], runs: tuple[Sequence[Summary], Sequence[Summary]]
) -> None:
    """Prints, per environment that both runs have, what their models took, if there are any."""
    first, second = ({summary.env_id: summary for summary in run} for run in runs)
    common = [env_id for env_id in first if env_id in second]
    pairs = [(first[env_id], second[env_id]) for env_id in common]
    if not any(summary.models for pair in pairs for summary in pair):
        return
    table = Table(
        title=escape(f"models: {names[0]} | {names[1]}"),
        title_justify="left",
        title_style="bold",
    )
    table.add_column("environment", overflow="fold")
    for header in ("calls / step", "tokens / step", "USD / episode", "steps/s"):
        table.add_column(header, justify="right", overflow="fold")
    for label, pair in zip(short_ids(common), pairs, strict=True):
        sides = zip(*map(_figures, pair), strict=True)
        table.add_row(escape(label), *(escape(" | ".join(side)) for side in sides))
    console.print(table)


def print_spent(console: Console, ledger: Ledger) -> None:
    """Prints what a run has spent so far, in all of its invocations and attempts."""
    total = ledger.total
    cached = "" if total.hit_rate is None else f" ({100 * total.hit_rate:.0f}% cached)"
    console.print(
        f"all calls of this run so far, those of failed attempts included: {_usd(total, ' USD')}, "
        f"{total.calls:,} calls, {total.usage.input_tokens:,} tokens in{cached}, "
        f"{total.usage.output_tokens:,} out",
        markup=False,
        highlight=False,
        soft_wrap=True,
    )


def _figures(summary: Summary) -> tuple[str, str, str, str]:
    total = _total(summary)
    cost = "-" if total.unpriced or not summary.models else f"{_each(summary, total):.4f}"
    return (
        _per(total.calls, summary.all_steps, 2),
        _per(total.usage.tokens, summary.all_steps, 0),
        cost,
        f"{summary.steps_per_second:,.2f}",
    )


def _each(summary: Summary, total: Account) -> float:
    return total.cost / summary.episodes if summary.episodes else 0.0


def _total(summary: Summary) -> Account:
    return sum(map(account_of, summary.models.values()), Account())


def _usd(account: Account, unit: str = "") -> str:
    """What calls cost; with a mark where some of them have no price."""
    unpriced = f" + {account.unpriced:,} calls without a price" if account.unpriced else ""
    return f"{account.cost:,.4f}{unit}{unpriced}"


def _per(number: float, by: float, digits: int) -> str:
    return f"{number / by:,.{digits}f}" if by else "-"
