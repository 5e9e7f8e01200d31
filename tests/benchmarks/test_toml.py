import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks import toml

TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
SCALARS = st.one_of(
    TEXTS,
    st.integers(-(2**60), 2**60),
    st.booleans(),
    st.floats(allow_nan=False),
)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner) | st.dictionaries(TEXTS, inner), max_leaves=8
)


@given(st.dictionaries(TEXTS, VALUES))
def test_what_is_written_reads_back(data):
    assert tomllib.loads(toml.dumps(data)) == data


def test_none_has_no_place():
    with pytest.raises(ValueError, match="NoneType"):
        toml.dumps({"limit": None})
