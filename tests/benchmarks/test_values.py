import pytest

from benchmarks import values


@pytest.mark.parametrize(
    ("text", "expected"),
    [("42-44", (42, 43, 44)), ("1,2,5-7", (1, 2, 5, 6, 7)), ("0", (0,)), (" 3 , 1 ", (3, 1))],
)
def test_seeds(text, expected):
    assert values.seeds(text) == expected


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
        values.seeds(text)


def test_arguments():
    pairs = ["task=Corridor-R3", "rooms=12", "rate=0.5", "on=true", "text=a=b", "area=[9, 9]"]
    assert values.arguments(pairs) == {
        "task": "Corridor-R3",
        "rooms": 12,
        "rate": 0.5,
        "on": True,
        "text": "a=b",
        "area": [9, 9],
    }


@pytest.mark.parametrize("pairs", [["rooms"], ["=1"], ["a-b=1"], ["a=1", "a=2"], ["a=null"]])
def test_arguments_that_make_no_sense(pairs):
    with pytest.raises(ValueError, match=r"key=value|twice|leave"):
        values.arguments(pairs)
