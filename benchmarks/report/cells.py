"""Numbers as cells of tables."""

from __future__ import annotations

from benchmarks.report.table import Cell
from benchmarks.statistics import Estimate

NOTHING = Cell("-")


def number(value: float | None, digits: int = 2) -> Cell:
    """A number."""
    return NOTHING if value is None else Cell(f"{value:,.{digits}f}", value)


def rate(value: float) -> str:
    """A rate; a slow one with two decimal places, as it may be far below 1."""
    return f"{value:,.0f}" if value >= 10 else f"{value:.2f}"


def percent(value: Estimate | None) -> Cell:
    """A mean in [0, 1] in percent, with its standard error."""
    return plus_minus(value, 100, 1)


def plus_minus(value: Estimate | None, scale: float = 1, digits: int = 2) -> Cell:
    """A mean with its standard error."""
    if value is None:
        return NOTHING
    mean = f"{scale * value.mean:,.{digits}f}"
    if value.standard_error is None:
        return Cell(mean, value)
    return Cell(f"{mean} ± {scale * value.standard_error:,.{digits}f}", value)


def interval(value: Estimate | None, scale: float = 100) -> Cell:
    """The 95% interval of a mean, in percent unless told otherwise."""
    if value is None or value.low is None or value.high is None:
        return NOTHING
    return Cell(f"{scale * value.low:.1f} to {scale * value.high:.1f}", value)


def whole(value: Estimate | None) -> Cell:
    """A mean in [0, 1] in percent, with its standard error and its interval."""
    if value is None:
        return NOTHING
    reach = interval(value).text
    shown = percent(value).text
    return Cell(shown if reach == NOTHING.text else f"{shown} ({reach})", value)


def chance(p_value: float | None) -> Cell:
    """A p-value."""
    if p_value is None:
        return NOTHING
    return Cell("< 0.001" if p_value < 0.001 else f"{p_value:.3f}", p_value)
