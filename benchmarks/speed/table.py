"""What was measured, as a table and as data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.speed.subject import Measurement, Subject


def print_measured(console: Console, measured: Sequence[tuple[Subject, Measurement]]) -> None:
    """Prints what was measured, beside its targets."""
    table = Table("subject", "what", "measured", "target", "holds", "details")
    for subject, found in measured:
        holds = "[green]yes[/]" if subject.holds(found) else "[red]no[/]"
        details = "  ".join(f"{name} {number(value)}" for name, value in found.details.items())
        table.add_row(
            subject.name,
            subject.what,
            f"{number(found.value)} {subject.unit}".strip(),
            _target(subject),
            holds,
            details,
        )
    console.print(table)


def _target(subject: Subject) -> str:
    if not subject.bound:
        return "-"
    limits = (f"{name} at most {most:g}" for name, most in subject.limits.items())
    return ", ".join([f"{subject.bound} {subject.target:g} {subject.unit}".strip(), *limits])


def number(value: float) -> str:
    """A number as tables show it: three digits, or all before the point."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def to_json(measured: Sequence[tuple[Subject, Measurement]]) -> list[dict[str, Any]]:
    """What was measured as plain data."""
    return [
        {
            "name": subject.name,
            "what": subject.what,
            "value": found.value,
            "unit": subject.unit,
            "bound": subject.bound,
            "target": subject.target,
            "limits": dict(subject.limits),
            "holds": subject.holds(found),
            "details": dict(found.details),
        }
        for subject, found in measured
    ]
