import pytest

from benchmarks.seeds import read_seeds


@pytest.mark.parametrize(
    ("text", "expected"),
    [("42-44", (42, 43, 44)), ("1,2,5-7", (1, 2, 5, 6, 7)), ("0", (0,)), (" 3 , 1 ", (3, 1))],
)
def test_seeds(text, expected):
    assert read_seeds(text) == expected


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("", "42-51"),
        ("a", "'a'"),
        ("-1", "'-1'"),
        ("5-3", "did you mean 3-5"),
        ("1,2,1", "seed 1 is named twice"),
        ("0-99999999999", "below"),
    ],
)
def test_seeds_that_make_no_sense(text, hint):
    with pytest.raises(ValueError, match=hint):
        read_seeds(text)
