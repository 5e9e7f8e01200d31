"""Plots as inline SVG, which needs no library, no network and no script."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

#: Size of a plot, and the room around its frame for labels: left, top, right, bottom.
_WIDTH, _HEIGHT = 460, 260
_LEFT, _TOP, _RIGHT, _BOTTOM = 52, 14, 14, 44
#: Colours, which the style sheet names ``c0``, ``c1`` and so on.
_COLORS = 8
_TICKS = 5


@dataclass(frozen=True, slots=True)
class Point:
    """A point of a series.

    Attributes:
        x: Where.
        y: The value.
        low: Lower end of its interval or band; None where there is none.
        high: Upper end.
    """

    x: float
    y: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Series:
    """Points that belong together.

    Attributes:
        name: How the legend calls them; empty for none.
        points: The points, by ``x``.
        color: Number of the colour; None for the pale one of single seeds.
        band: Whether ``low`` and ``high`` are drawn as a band instead of bars.
        joined: Whether a line joins the points.
    """

    name: str
    points: Sequence[Point]
    color: int | None = 0
    band: bool = False
    joined: bool = True


@dataclass(frozen=True, slots=True)
class Plot:
    """A plot.

    Attributes:
        title: What it shows.
        x_label: What stands below; empty where names stand there.
        series: What is drawn, in this order.
        names: What the whole numbers on the x axis are called, from 0; empty for numbers.
        top: What the y axis reaches at least.
    """

    title: str
    x_label: str
    series: Sequence[Series]
    names: Sequence[str] = ()
    top: float = 0.0

    def svg(self) -> str:
        """The plot as an SVG element, a figure with its caption and its legend."""
        return _Drawing(self).figure()


class _Drawing:
    def __init__(self, plot: Plot) -> None:
        self._plot = plot
        points = [point for series in plot.series for point in series.points]
        highs = [value for point in points for value in (point.y, point.high) if value is not None]
        lows = [value for point in points for value in (point.y, point.low) if value is not None]
        self._step, self._bottom, self._top = _scale(
            min([*lows, 0.0]), max([*highs, plot.top, 1e-9])
        )
        if plot.names:
            self._first, self._last = -0.5, len(plot.names) - 0.5
        else:
            self._first, self._last = 0.0, max([point.x for point in points], default=1.0) or 1.0

    def figure(self) -> str:
        named = [series for series in self._plot.series if series.name]
        legend = "".join(
            f'<span><i class="c{_color(series)}"></i>{escape(series.name)}</span>'
            for series in named
        )
        caption = f"<figcaption>{escape(self._plot.title)}</figcaption>"
        shown = f'<p class="legend">{legend}</p>' if len(named) > 1 else ""
        inside = "".join((*self._axes(), *map(self._series, self._plot.series)))
        picture = (
            f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" '
            f'aria-label="{escape(self._plot.title)}">{inside}</svg>'
        )
        return f"<figure>{caption}{picture}{shown}</figure>"

    def _x(self, value: float) -> float:
        share = (value - self._first) / (self._last - self._first)
        return round(_LEFT + share * (_WIDTH - _LEFT - _RIGHT), 1)

    def _y(self, value: float) -> float:
        share = (value - self._bottom) / (self._top - self._bottom)
        return round(_HEIGHT - _BOTTOM - share * (_HEIGHT - _TOP - _BOTTOM), 1)

    def _axes(self) -> list[str]:
        drawn = []
        for number in range(round((self._top - self._bottom) / self._step) + 1):
            value = self._bottom + number * self._step
            y = self._y(value)
            drawn.append(f'<path class="grid" d="M{_LEFT} {y}H{_WIDTH - _RIGHT}"/>')
            drawn.append(_text(_LEFT - 6, y + 4, f"{value:,.10g}", "end"))
        foot = _HEIGHT - _BOTTOM + 18
        if self._plot.names:
            room = int((_WIDTH - _LEFT - _RIGHT) / len(self._plot.names) / 6.5)
            # Names that are too long for one line stand on two, in turns: each has twice the room.
            lines = 1 if max(map(len, self._plot.names)) <= room else 2
            for place, name in enumerate(self._plot.names):
                space = lines * room
                shown = name if len(name) <= space else f"…{name[1 - max(space, 2) :]}"
                drawn.append(_text(self._x(place), foot + place % lines * 16, shown, "middle"))
        else:
            step, _, _ = _scale(0.0, self._last)
            for number in range(int(self._last / step) + 1):
                drawn.append(
                    _text(self._x(number * step), foot, f"{number * step:,.10g}", "middle")
                )
        if self._plot.x_label:
            drawn.append(
                _text((_LEFT + _WIDTH - _RIGHT) / 2, foot + 18, self._plot.x_label, "middle")
            )
        return drawn

    def _series(self, series: Series) -> str:
        color = "seed" if series.color is None else f"c{_color(series)}"
        places = [(self._x(point.x), self._y(point.y)) for point in series.points]
        parts = []
        if series.band:
            parts.append(f'<path class="band {color}" d="{self._band(series.points)}"/>')
        if series.joined and len(places) > 1:
            path = "L".join(f"{x} {y}" for x, y in places)
            parts.append(f'<path class="line {color}" d="M{path}"/>')
        if not series.band:
            radius = 2 if series.color is None else 4
            for (x, y), point in zip(places, series.points, strict=True):
                if point.low is not None and point.high is not None:
                    ends = f"M{x} {self._y(point.low)}V{self._y(point.high)}"
                    parts.append(f'<path class="reach {color}" d="{ends}"/>')
                told = f"{series.name}: {point.y:.3g}" if series.name else f"{point.y:.3g}"
                parts.append(
                    f'<circle class="{color}" cx="{x}" cy="{y}" r="{radius}">'
                    f"<title>{escape(told)}</title></circle>"
                )
        return "".join(parts)

    def _band(self, points: Sequence[Point]) -> str:
        there = [(p.x, p.low, p.high) for p in points if p.low is not None and p.high is not None]
        up = [f"{self._x(x)} {self._y(high)}" for x, _, high in there]
        down = [f"{self._x(x)} {self._y(low)}" for x, low, _ in reversed(there)]
        return f"M{'L'.join((*up, *down))}Z" if there else ""


def _color(series: Series) -> int:
    return (series.color or 0) % _COLORS


def _text(x: float, y: float, words: str, anchor: str) -> str:
    return f'<text x="{x}" y="{y}" text-anchor="{anchor}">{escape(words)}</text>'


def _scale(low: float, high: float) -> tuple[float, float, float]:
    """A round step, and the ends of an axis that are multiples of it."""
    rough = (high - low or 1.0) / _TICKS
    unit = 10.0 ** math.floor(math.log10(rough))
    step = next(unit * factor for factor in (1, 2, 5, 10) if unit * factor >= rough * 0.999)
    return step, math.floor(low / step + 1e-9) * step, math.ceil(high / step - 1e-9) * step
