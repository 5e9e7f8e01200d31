from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from page_reader import Cursor, Lines

from benchmarks.replay.line_table import Column, LineTable
from benchmarks.trace.delta import encode

#: Few different lines, so that they stay, move, and come again.
TEXTS = st.lists(st.sampled_from(["", "a", "b", "c d", "</script>", "\ud800"]), max_size=8).map(
    "\n".join
)


@given(st.lists(st.tuples(TEXTS, TEXTS, st.booleans(), st.booleans()), max_size=12))
def test_what_was_written_is_read(written):
    table, columns = LineTable(), (Column(), Column())
    for text, base, second, as_delta in written:
        if as_delta:
            table.write_delta(columns[second], encode(base, text))
        else:
            table.write(columns[second], text, base)
    lines = Lines()
    cursors = [Cursor([column.numbers, column.lines]) for column in columns]
    for text, base, second, _ in written:
        assert lines.text(cursors[second], base) == text
    assert all(cursor.done for cursor in cursors)


def test_a_line_costs_its_text_once():
    table, first, second = LineTable(), Column(), Column()
    table.write(first, "a long line\nanother one")
    table.write(second, "another one\na long line")
    assert first.lines == ["a long line", "another one"]
    assert second.lines == []
    assert table.chars == len("a long lineanother one")


def test_a_text_that_stays_costs_a_number():
    table, column = LineTable(), Column()
    table.write(column, "a\nb", "a\nb")
    assert column.numbers == [0]
