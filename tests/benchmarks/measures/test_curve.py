"""Curves are thinned without losing their mean."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.measures.curve import POINTS, Curve, check_curve, places


@given(st.lists(st.integers(0, 1000), min_size=1, max_size=2000))
def test_a_thinned_curve_is_the_mean_of_what_each_point_stands_for(values: list[int]) -> None:
    curve = Curve()
    for value in values:
        curve.add(value)
    thin = curve.thinned()
    assert thin["steps"] == len(values)
    assert len(thin["values"]) <= POINTS + 1
    for number, found in enumerate(thin["values"]):
        part = values[number * thin["every"] : (number + 1) * thin["every"]]
        assert found == pytest.approx(sum(part) / len(part), rel=1e-4)
    check_curve(thin, "curve")
    assert len(places(thin)) == len(thin["values"])


def test_a_short_curve_is_kept_as_it_is() -> None:
    curve = Curve()
    for value in (3, 1, 2):
        curve.add(value)
    assert curve.thinned() == {"every": 1, "steps": 3, "values": [3, 1, 2]}


@pytest.mark.parametrize(("every", "steps"), [(0, 3), (1, 2), (1, 10**9), (2, 3), (-1, -3)])
def test_a_curve_that_lacks_points_is_refused(every: int, steps: int) -> None:
    with pytest.raises(ValueError, match="memory_chars has 3 values"):
        check_curve({"every": every, "steps": steps, "values": [1, 2, 3]}, "memory_chars")


@pytest.mark.parametrize("value", [10**102, 10**400, -(10**400), 1e308, float("nan")])
def test_a_value_that_no_step_can_have_is_told(value):
    with pytest.raises(ValueError, match=r"^curves\.memory_chars holds a value beyond"):
        check_curve({"every": 1, "steps": 1, "values": [value]}, "curves.memory_chars")
