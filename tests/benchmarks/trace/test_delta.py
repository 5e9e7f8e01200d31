import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.trace.delta import decode, encode

TEXTS = st.lists(st.sampled_from(["", "a", "b", "wall", "\r", "\u2028"])).map("\n".join)


@given(TEXTS, TEXTS)
def test_roundtrip(old, new):
    assert decode(old, encode(old, new)) == new


def test_an_inserted_line_costs_one_line():
    old = "\n".join(f"line {n}" for n in range(30))
    new = old.replace("line 3\n", "line 3\nnew\n")
    assert encode(old, new) == [[0, 4], "new", [4, 26]]


def test_a_changed_line_among_equal_ones_stays_in_its_place():
    assert encode("x\n \n \n \ny", "x\n \n@\n \ny") == [[0, 2], "@", [3, 2]]


def test_a_delta_that_does_not_fit():
    with pytest.raises(ValueError, match="of 1 lines"):
        decode("a", [[0, 2]])
