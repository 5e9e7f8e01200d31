"""Records as JSON: whatever the fast encoder cannot write comes out as the exact one writes it."""

from __future__ import annotations

import datetime
import json
import math
from collections import UserDict
from dataclasses import dataclass
from enum import Enum

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from automem_gym.game import EpisodeEnd, Sight
from benchmarks.trace.encoding import encode_record, encode_text

TEXTS = st.text(st.characters(exclude_categories=[]))  # lone surrogates too
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXTS,
    lambda inner: st.lists(inner) | st.dictionaries(TEXTS, inner),
    max_leaves=8,
)


class Colour(Enum):
    RED = 1


@dataclass
class Point:
    x: int
    _hidden: int


@given(st.dictionaries(TEXTS, VALUES))
def test_a_record_is_one_line_of_ascii_and_comes_back(record):
    line = encode_record(record)
    assert line.isascii()
    assert b"\n" not in line
    assert json.loads(line) == record


@given(st.dictionaries(st.text(), VALUES))
def test_both_encoders_mean_the_same(record):
    assert json.loads(encode_text(record)) == json.loads(encode_record(record))


@pytest.mark.parametrize(
    ("value", "read"),
    [
        (Point(1, 2), {"x": 1, "_hidden": 2}),
        (np.arange(3), [0, 1, 2]),
        (np.float32(0.5), 0.5),
        ({3, 1, 2}, [1, 2, 3]),
        (UserDict(a=1), {"a": 1}),
        ({1: "one"}, {"1": "one"}),
        (2**70, 2**70),
        (math.inf, math.inf),
        ([-math.inf], [-math.inf]),
        (datetime.date(2026, 7, 1), "2026-07-01"),
        (b"raw", "b'raw'"),
        (Sight("tree", 3), ["tree", 3]),
        (EpisodeEnd.STEP_LIMIT, "step limit"),
        (Colour.RED, 1),
        ({"a": [Colour.RED, Sight("tree", 3)]}, {"a": [1, ["tree", 3]]}),
    ],
)
def test_values_that_json_does_not_know(value, read):
    assert json.loads(encode_record({"info": value})) == {"info": read}
    # A text that is not ASCII goes through the other encoder.
    assert json.loads(encode_record({"info": value, "text": "\u00e9"}))["info"] == read


def test_what_is_no_number_stays_so():
    assert math.isnan(json.loads(encode_record({"reward": math.nan}))["reward"])


def test_what_holds_itself_is_refused():
    circle: dict[str, object] = {}
    circle["self"] = circle
    with pytest.raises(RecursionError):
        encode_record(circle)
