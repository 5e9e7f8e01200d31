import pytest

from agents.explorer.notes import keep, recall, shown
from memory_fs import MemoryConfig, MemoryStore, parse


@pytest.fixture
def memory():
    """A memory that takes the text of a turn and gives what its commands answer."""
    store = MemoryStore(MemoryConfig(files={"notes.md": ""}))
    yield lambda text: "\n".join(str(store.execute(command)) for command in parse(text))
    store.close()


def test_notes_come_back_as_they_were_kept(memory):
    notes = {"position": "3 -4", "odd key": "a: b | c", "empty": "none"}
    assert recall(memory(keep({}, notes))) == notes


def test_only_what_changed_is_written(memory):
    old = {"a": "1", "b": "2"}
    assert keep(old, {"a": "1", "b": "3"}).count("UPSERT") == 1
    memory(keep({}, old))
    assert recall(memory(keep(old, {"a": "1", "b": "3"}))) == {"a": "1", "b": "3"}


def test_nothing_is_known_without_a_read_or_a_file(memory):
    assert recall("") == {}
    assert recall(memory("<|APPEND|>notes.md|a: 1<|END|>")) == {}
    assert recall(memory("<|READ|>other.md<|END|>"), "other.md") == {}
    assert shown("READ notes.md: refused: not in the vocabulary, which is APPEND") == []


def test_answers_of_later_commands_are_no_notes(memory):
    commands = keep({}, {"a": "1"}) + keep({}, {"b": "2"}, "more.md")
    answer = memory(commands)
    assert recall(answer) == {"a": "1"}
    assert recall(answer, "more.md") == {"b": "2"}


def test_a_line_that_looks_like_an_answer_is_not_taken_for_one(memory):
    answer = memory(keep({}, {"READ more.md": "1 line"}) + keep({}, {"b": "2"}, "more.md"))
    assert recall(answer) == {"READ more.md": "1 line"}


def test_lines_without_a_key_are_shown_but_are_no_notes(memory):
    answer = memory("<|APPEND|>notes.md|free text\nkey: value<|END|><|READ|>notes.md<|END|>")
    assert shown(answer) == ["free text", "key: value"]
    assert recall(answer) == {"key": "value"}


def test_files_with_thousands_of_lines_are_counted(memory):
    lines = "\n".join("x" * 1500)
    answer = memory(f"<|WRITE|>notes.md|{lines}<|END|>{'<|READ|>notes.md<|END|>' * 2}")
    assert shown(answer) == ["x"] * 1500
