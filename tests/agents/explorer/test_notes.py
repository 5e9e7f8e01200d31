import pytest

from agents.explorer.notes import keep, recall, shown
from memory_fs import MemoryConfig, MemoryStore, parse
from memory_fs.operation import OPERATIONS

ALL = tuple(OPERATIONS)


@pytest.fixture
def memory():
    """A memory that takes the text of a turn and gives what its commands answer."""
    store = MemoryStore(MemoryConfig(files={"notes.md": ""}))
    yield lambda text: "\n".join(str(store.execute(command)) for command in parse(text))
    store.close()


def test_notes_come_back_as_they_were_kept(memory):
    notes = {"position": "3 -4", "odd key": "a: b | c", "empty": "none"}
    assert recall(memory(keep({}, notes, ALL))) == notes


def test_only_what_changed_is_written(memory):
    old = {"a": "1", "b": "2"}
    assert keep(old, {"a": "1", "b": "3"}, ALL).count("UPSERT") == 1
    memory(keep({}, old, ALL))
    assert recall(memory(keep(old, {"a": "1", "b": "3"}, ALL))) == {"a": "1", "b": "3"}


def test_nothing_is_known_without_a_read_or_a_file(memory):
    assert recall("") == {}
    assert recall(memory("<|APPEND|>notes.md|a: 1<|END|>")) == {}
    assert recall(memory("<|READ|>other.md<|END|>"), "other.md") == {}
    assert shown("READ notes.md: 0 lines") == []
    assert shown(f"READ notes.md: 0 lines\n{NEXT}") == []
    assert shown("READ notes.md: refused: not in the vocabulary, which is APPEND") == []


def test_answers_of_later_commands_are_no_notes(memory):
    commands = keep({}, {"a": "1"}, ALL) + keep({}, {"b": "2"}, ALL, "more.md")
    answer = memory(commands)
    assert recall(answer) == {"a": "1"}
    assert recall(answer, "more.md") == {"b": "2"}


def test_a_line_that_looks_like_an_answer_is_not_taken_for_one(memory):
    answer = memory(
        keep({}, {"READ more.md": "1 line"}, ALL) + keep({}, {"b": "2"}, ALL, "more.md")
    )
    assert recall(answer) == {"READ more.md": "1 line"}


def test_lines_without_a_key_are_shown_but_are_no_notes(memory):
    answer = memory("<|APPEND|>notes.md|free text\nkey: value<|END|><|READ|>notes.md<|END|>")
    assert shown(answer) == ["free text", "key: value"]
    assert recall(answer) == {"key": "value"}


def test_files_with_thousands_of_lines_are_counted(memory):
    lines = "\n".join("x" * 1500)
    answer = memory(f"<|WRITE|>notes.md|{lines}<|END|>{'<|READ|>notes.md<|END|>' * 2}")
    assert shown(answer) == ["x"] * 1500


def test_without_upsert_the_notes_are_written_whole(memory):
    vocabulary = ("READ", "WRITE")
    old = {"a": "1", "b": "2"}
    memory(keep({}, old, vocabulary))
    turn = keep(old, {"a": "1", "b": "3"}, vocabulary)
    assert "UPSERT" not in turn
    assert recall(memory(turn)) == {"a": "1", "b": "3"}
    assert keep(old, old, vocabulary) == "<|READ|>notes.md<|END|>"


@pytest.mark.parametrize("vocabulary", [("READ", "APPEND"), ("UPSERT", "WRITE"), ()])
def test_where_nothing_can_be_kept_there_are_no_commands(vocabulary):
    assert keep({}, {"a": "1"}, vocabulary) == ""


def test_what_is_gone_is_forgotten(memory):
    old = {"a": "1", "b": "2"}
    memory(keep({}, old, ALL))
    assert recall(memory(keep(old, {"b": "3"}, ALL))) == {"b": "3"}


LONG = "\n".join(f"key {n}: {'x' * 40}" for n in range(200))
NEXT = "READ more.md: 1 line\na: 1"
TOO_LONG = "first 8,000 of 9,123 characters; SEARCH"


@pytest.mark.parametrize(
    "answer",
    [
        f"200 lines\n{LONG[:8000]}\n[cut: the {TOO_LONG} or TAIL show parts]",
        f"200 lines [{TOO_LONG} and TAIL show others]\n{LONG[:8000]}",
        f"200 lines [{TOO_LONG} and TAIL show others]\n{LONG[:7900]}\n[cut: the {TOO_LONG}]",
        # As many characters as announced, but the heading counted among them.
        f"200 lines [{TOO_LONG} and TAIL show others]\n{LONG[:7900]}",
        f"200 lines [{TOO_LONG} and TAIL show others]\n{LONG[:7900].rpartition(chr(10))[0]}",
    ],
)
def test_of_a_file_that_is_too_long_the_whole_lines_of_the_beginning_are_known(answer):
    memory = f"UPSERT notes.md key: added; 200 lines now\nREAD notes.md: {answer}\n{NEXT}"
    known = recall(memory)
    assert 140 < len(known) < 200
    assert all(text == "x" * 40 for text in known.values())
    assert list(known) == [f"key {n}" for n in range(len(known))]
    assert recall(memory, "more.md") == {"a": "1"}


def test_a_real_answer_that_was_cut_is_read(memory):
    answer = memory(f"<|WRITE|>notes.md|{LONG}<|END|><|READ|>notes.md<|END|>") + f"\n{NEXT}"
    known = recall(answer)
    assert 140 < len(known) < 200
    assert set(known.values()) == {"x" * 40}
    assert recall(answer, "more.md") == {"a": "1"}


def test_answers_of_other_commands_change_nothing():
    others = (
        "SEARCH notes.md 'a': 1 match\n[1] a: 2\n"
        "SEARCH notes.md 'b': [last 100 of 4,213 matches]\n[9] b: 7\n"
        "TAIL notes.md: [last 10 of 45 lines]\nc: 3\n"
    )
    assert recall(f"{others}READ notes.md: 1 line\na: 1\n{others}") == {"a": "1"}
    assert recall(others) == {}


def test_lines_that_no_command_could_write_are_left_out():
    assert recall("READ notes.md: 3 lines\na|b: 1\nc: <|END|>\nd: 2") == {"d": "2"}
