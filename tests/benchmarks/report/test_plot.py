"""A plot: what stands below it."""

import re

import pytest

from benchmarks.report.plot import Plot, Point, Series


def labels(names):
    """The names as they are drawn, each with the middle of its text."""
    series = Series("", [Point(float(at), 0.5) for at in range(len(names))])
    svg = Plot("a plot", "", [series], names).svg()
    texts = re.findall(r'<text x="(\S+)" y="(\S+)" text-anchor="middle">([^<]*)</text>', svg)
    return [(words, float(x), float(y)) for x, y, words in texts]


def overlaps(drawn):
    """Whether two texts of a line touch, at six units a character."""
    return any(
        first_y == second_y and abs(first_x - second_x) < 3 * (len(first) + len(second))
        for at, (first, first_x, first_y) in enumerate(drawn)
        for second, second_x, second_y in drawn[:at]
    )


@pytest.mark.parametrize(
    ("names", "lines"),
    [
        (["base", "pair"], 1),
        (["base", "wiped", "recent", "revised", "pair", "random", "specialist"], 2),
        (["base-with-the-scaffold-of-loop-1", "pair"], 2),
    ],
)
def test_names_are_whole_and_apart(names, lines):
    drawn = labels(names)
    assert [words for words, _, _ in drawn] == names
    assert len({y for _, _, y in drawn}) == lines
    assert not overlaps(drawn)


def test_of_a_name_that_fits_nowhere_the_end_stands():
    drawn = labels([f"{'long ' * 9}{number}" for number in range(7)])
    assert len(drawn) == 7
    for at, (words, _, _) in enumerate(drawn):
        assert words.startswith("…")
        assert words.endswith(f" {at}")
    assert not overlaps(drawn)
