"""What the models of runs took, as rows and a table."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console

from agents.accounting import Account, Ledger
from benchmarks.models.figures import account_of
from benchmarks.report.cells import NOTHING, number, plus_minus
from benchmarks.report.table import Cell, Row, Table
from benchmarks.short_ids import short_ids
from benchmarks.summary import Prompts, Summary


def model_rows(summaries: Sequence[Summary]) -> list[Row]:
    """The rows that tell of models, a cell for each environment; none where there are none."""
    if not any(each.models or each.events_per_100_steps for each in summaries):
        return []
    totals = [(each, _total(each)) for each in summaries]
    events = sorted({name for each in summaries for name in each.events_per_100_steps})
    return [
        _row("model calls / step", [_per(t.calls, s.all_steps, 2) for s, t in totals]),
        _row("  by role", [Cell(_roles(s) or "-") for s in summaries]),
        _row("tokens in / step", [_per(t.usage.input_tokens, s.all_steps, 0) for s, t in totals]),
        _row("  of them cached, %", [_share(t.hit_rate) for _, t in totals]),
        *_prompt_rows(summaries),
        _row("tokens out / step", [_per(t.usage.output_tokens, s.all_steps, 0) for s, t in totals]),
        _row("seconds / call", [_per(t.seconds, t.calls, 2) for _, t in totals]),
        _row("cost, USD", [Cell(_usd(t), t.cost) for _, t in totals]),
        *(
            _row(
                f"{name} / 100 steps",
                [number(s.events_per_100_steps.get(name, 0)) for s in summaries],
            )
            for name in events
        ),
    ]


def _prompt_rows(summaries: Sequence[Summary]) -> list[Row]:
    """How large the prompts are: a row for each role and routine, and how they grow."""
    keys = sorted({(part.role, part.routine) for each in summaries for part in each.prompts})
    if not keys:
        return []
    found = [{(part.role, part.routine): part for part in each.prompts} for each in summaries]
    return [
        *(
            _row(f"  {' '.join(filter(None, key))}", [_prompts(parts.get(key)) for parts in found])
            for key in keys
        ),
        _row("  most in a step", [number(s.largest_step, 0) for s in summaries]),
        _row("  growth from step to step", [plus_minus(s.prompt_growth) for s in summaries]),
    ]


def _prompts(part: Prompts | None) -> Cell:
    if part is None:
        return NOTHING
    text = f"{part.per_step:,.0f} ({part.per_call:,.0f} a call, at most {part.largest_call:,})"
    return Cell(text, round(part.per_step, 2))


def _row(label: str, cells: Sequence[Cell]) -> Row:
    return Row(label, tuple(cells))


def _roles(summary: Summary) -> str:
    steps = summary.all_steps
    return "  ".join(
        f"{role} {_per(figures['calls'], steps, 2).text}"
        for role, figures in summary.models.items()
    )


def model_comparison(
    names: tuple[str, str], runs: tuple[Sequence[Summary], Sequence[Summary]]
) -> Table | None:
    """What the models of two runs took, for each environment that both have, if there are any."""
    first, second = ({summary.env_id: summary for summary in run} for run in runs)
    common = [env_id for env_id in first if env_id in second]
    pairs = [(first[env_id], second[env_id]) for env_id in common]
    if not any(summary.models for pair in pairs for summary in pair):
        return None
    return Table(
        f"models: {names[0]} | {names[1]}",
        ("environment", "calls / step", "tokens / step", "USD / episode", "steps/s"),
        tuple(
            Row(
                label,
                tuple(Cell(" | ".join(side)) for side in zip(*map(_figures, pair), strict=True)),
            )
            for label, pair in zip(short_ids(common), pairs, strict=True)
        ),
    )


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
        _per(total.calls, summary.all_steps, 2).text,
        _per(total.usage.tokens, summary.all_steps, 0).text,
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


def _per(amount: float, by: float, digits: int) -> Cell:
    return number(amount / by, digits) if by else NOTHING


def _share(value: float | None) -> Cell:
    return NOTHING if value is None else number(100 * value, 1)
