from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.trace.seal import EditedLineError, read_line, seal, unseal

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)
RECORDS = st.dictionaries(
    st.text().filter(lambda key: key != "crc"), VALUES, min_size=1, max_size=5
)


@given(RECORDS)
def test_a_line_is_a_json_object_and_gives_its_record_back(record):
    line = seal(json.dumps(record, separators=(",", ":")).encode())
    assert line.endswith(b"\n")
    assert line.count(b"\n") == 1
    assert json.loads(line).keys() == {*record, "crc"}
    assert unseal(line) == record


@given(RECORDS, st.data())
def test_no_byte_of_a_line_can_be_changed_unseen(record, data):
    line = bytearray(seal(json.dumps(record).encode()))
    place = data.draw(st.integers(0, len(line) - 2))
    line[place] = data.draw(st.integers(0, 255).filter(lambda byte: byte != line[place]))
    try:
        assert unseal(bytes(line)) is None
    except EditedLineError:
        assert read_line(bytes(line)) is not None


@given(RECORDS, st.data())
def test_a_line_that_is_cut_short_is_none(record, data):
    line = seal(json.dumps(record).encode())
    assert unseal(line[: data.draw(st.integers(0, len(line) - 1))]) is None


def test_a_line_without_a_checksum_is_edited():
    with pytest.raises(EditedLineError, match="not as it was written"):
        unseal(b'{"turn":1}\n')
