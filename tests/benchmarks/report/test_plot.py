"""A plot: what its axes call."""

import re

import pytest

from benchmarks.report.plot import Plot, Point, Series


def labels(names, x_label=""):
    series = Series("", [Point(float(at), 0.5) for at in range(len(names))])
    texts = re.findall(r'<text x="\S+" y="(\S+)" \S+>([^<]*)</text>', plot(names, series, x_label))
    return {words: float(y) for y, words in texts if words in names or "…" in words}


def plot(names, series, x_label):
    return Plot("a plot", x_label, [series], names).svg()


def test_names_stand_on_one_line_where_there_is_room():
    assert len(set(labels(["base", "pair"]).values())) == 1


@pytest.mark.parametrize("count", [2, 7])
def test_names_that_are_long_for_one_line_take_two_and_are_whole(count):
    names = [f"specialist{number}"[-12:] for number in range(count)]
    if count == 2:
        names = [name * 3 for name in names]
    found = labels(names)
    assert list(found) == names
    first, second = list(found.values())[:2]
    assert second > first


def test_a_name_that_fits_nowhere_keeps_its_end():
    names = [f"{'long ' * 9}{number}" for number in range(7)]
    found = list(labels(names))
    assert len(found) == len(names)
    assert all(
        name.startswith("…") and name.endswith(f"long {at}") for at, name in enumerate(found)
    )


def test_a_label_below_leaves_one_line():
    found = labels([f"specialist {number}" for number in range(7)], x_label="arms")
    assert len(set(found.values())) == 1
