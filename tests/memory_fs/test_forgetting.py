from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memory_fs import Forgetting, MemoryConfig, MemoryStore, Quotas, Refused

START = {"rules.md": "be kind\nbe quick\n", "notes.md": ""}


@pytest.fixture
def store():
    with_files = MemoryStore(MemoryConfig(files=START))
    yield with_files
    with_files.close()


def texts(store: MemoryStore) -> dict[str, str]:
    return {entry.name: store.read(entry.name) for entry in store.files()}


def test_a_span_of_steps_is_remembered(store):
    forgetting = Forgetting(store, 2)
    for step in range(1, 6):
        store.append("notes.md", f"line {step}")
        changed = forgetting.step(step)
        assert changed == (("notes.md",) if step > 2 else ())
        assert store.read("notes.md") == "".join(
            f"line {written}\n" for written in range(max(1, step - 1), step + 1)
        )


def test_nothing_lasts_with_a_span_of_zero(store):
    forgetting = Forgetting(store, 0)
    store.write("rules.md", "be cruel")
    store.append("notes.md", "a")
    store.append("new/map.md", "b")
    assert set(forgetting.step(1)) == {"rules.md", "notes.md", "new/map.md"}
    assert texts(store) == START
    assert forgetting.step(2) == ()


def test_what_was_there_at_the_start_comes_back(store):
    forgetting = Forgetting(store, 1)
    store.delete("notes.md")
    store.write("rules.md", "")
    assert forgetting.step(1) == ()
    assert texts(store) == {"rules.md": ""}
    assert set(forgetting.step(2)) == {"rules.md", "notes.md"}
    assert texts(store) == START


def test_a_line_that_is_copied_does_not_become_younger(store):
    forgetting = Forgetting(store, 2)
    store.append("notes.md", "old")
    forgetting.step(1)
    for step in (2, 3):
        store.write("notes.md", f"new {step}\n{store.read('notes.md')}")
        forgetting.step(step)
    assert store.read("notes.md") == "new 3\nnew 2\n"


def test_a_line_that_has_changed_is_new(store):
    forgetting = Forgetting(store, 1)
    for step in range(1, 5):
        store.upsert("notes.md", "count", str(step))
        forgetting.step(step)
        assert store.read("notes.md") == f"count: {step}\n"


def test_initial_lines_stay_beside_what_is_forgotten(store):
    forgetting = Forgetting(store, 1)
    store.append("rules.md", "be brave")
    forgetting.step(1)
    store.append("notes.md", "x")
    forgetting.step(2)
    assert store.read("rules.md") == START["rules.md"]


def test_it_stands_in_the_journal_behind_the_commands_of_the_turn(store):
    forgetting = Forgetting(store, 0)
    store.stamp(7, 3)
    store.append("notes.md", "a")
    forgetting.step(7)
    assert store.history.at(6) == START
    assert store.history.at(7) == START
    assert store.verify() == ()
    kinds = [(mutation.turn, mutation.kind) for mutation in store.journal]
    assert kinds[-2:] == [(7, "append"), (7, "write")]


def test_a_negative_span_is_none(store):
    with pytest.raises(ValueError, match="0 game steps or more, not -1"):
        Forgetting(store, -1)


def test_what_cannot_come_back_yet_comes_back_when_there_is_room():
    store = MemoryStore(MemoryConfig(files={"a": "12345\n"}, quotas=Quotas(total_chars=8)))
    forgetting = Forgetting(store, 2)
    store.delete("a")
    forgetting.step(1)
    store.write("a/b", "67")  # in the way, and in its room
    assert forgetting.step(2) == ()
    assert forgetting.step(3) == ()
    assert forgetting.step(4) == ("a/b", "a")
    assert texts(store) == {"a": "12345\n"}
    store.close()


WORDS = st.sampled_from(["a", "b", "c"])
CHANGES = st.one_of(
    st.tuples(st.just("append"), WORDS, WORDS),
    st.tuples(st.just("write"), WORDS, st.lists(WORDS, max_size=3).map("\n".join)),
    st.tuples(st.just("delete"), WORDS),
    st.tuples(st.just("upsert"), WORDS, WORDS, WORDS),
    st.tuples(st.just("rename"), WORDS, WORDS),
)


@given(st.lists(st.lists(CHANGES, max_size=4), max_size=12), st.integers(0, 3))
def test_it_is_as_if_nothing_had_been_written_when_the_span_is_over(steps, span):
    store = MemoryStore(MemoryConfig(files={"a": "a\nb\n", "b": ""}))
    start, forgetting = texts(store), Forgetting(store, span)
    for turn, changes in enumerate(steps, 1):
        for name, *arguments in changes:
            with suppress(Refused):
                getattr(store, name)(*arguments)
        forgetting.step(turn)
        if span == 0:
            assert texts(store) == start
    for turn in range(len(steps) + 1, len(steps) + span + 1):
        forgetting.step(turn)
    assert texts(store) == start
    assert store.verify() == ()
    store.close()
