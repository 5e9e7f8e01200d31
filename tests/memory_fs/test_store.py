import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memory_fs import MemoryAction, MemoryConfig, MemoryStore, Operation, Quotas, Refused, parse


@pytest.fixture
def store():
    store = MemoryStore(MemoryConfig(files={"notes.md": "Stairs are west\nA door is EAST"}))
    yield store
    store.close()


def say(store: MemoryStore, text: str) -> str:
    (action,) = parse(text)
    assert isinstance(action, MemoryAction)
    return str(store.execute(action))


@pytest.mark.parametrize(
    ("command", "answer"),
    [
        ("<|SEARCH|>notes.md|east<|END|>", "SEARCH notes.md 'east': 1 match\n[2] A door is EAST"),
        ("<|SEARCH|>notes.md|dragon<|END|>", "SEARCH notes.md 'dragon': no line holds 'dragon'"),
        ("<|SEARCH|>notes.md|<|END|>", "SEARCH notes.md '': refused: the keyword is missing"),
        ("<|READ|>notes.md<|END|>", "READ notes.md: 2 lines\nStairs are west\nA door is EAST"),
        ("<|TAIL|>notes.md|1<|END|>", "TAIL notes.md: [last 1 of 2 lines]\nA door is EAST"),
        ("<|COUNT|>notes.md|are<|END|>", "COUNT notes.md 'are': 1 match"),
        ("<|APPEND|>notes.md|more<|END|>", "APPEND notes.md: added; 3 lines now"),
        ("<|APPEND|>new/file.md|one\ntwo<|END|>", "APPEND new/file.md: added; 2 lines now"),
        ("<|APPEND|>notes.md|<|END|>", "APPEND notes.md: refused: there is no text to add"),
        ("<|WRITE|>notes.md|\nonly this\n<|END|>", "WRITE notes.md: written; 1 line now"),
        ("<|CREATE|>map.md<|END|>", "CREATE map.md: created, empty"),
        ("<|DELETE|>notes.md<|END|>", "DELETE notes.md: deleted"),
        ("<|LIST|>", "LIST: 1 file\nnotes.md (2 lines, 31 chars)"),
    ],
)
def test_every_operation_answers(store: MemoryStore, command: str, answer: str) -> None:
    assert say(store, command) == answer


def test_an_upsert_keeps_one_line_a_key(store: MemoryStore) -> None:
    assert say(store, "<|UPSERT|>map.md|(3,4)|tree<|END|>").endswith("added; 1 line now")
    assert say(store, "<|UPSERT|>map.md|(3,5)|water<|END|>").endswith("added; 2 lines now")
    assert say(store, "<|UPSERT|>map.md|(3,4)|stump<|END|>").endswith("replaced; 2 lines now")
    assert store.read("map.md") == "(3,4): stump\n(3,5): water\n"


@pytest.mark.parametrize(
    "name",
    [
        *("", "..", "../x", "/etc/passwd", "a/../../x", ".hidden", ".memory_fs/journal.jsonl"),
        *("a\\b", "a\x00b", "x" * 300, "a//b", "a/", "n\u00f6tes.md", "con.", "*", "a b"),
        "/".join("abcdefghij"),
    ],
)
def test_an_impossible_name_is_refused(store: MemoryStore, name: str) -> None:
    for action in (MemoryAction("READ", name), MemoryAction("WRITE", name, "x")):
        result = store.execute(action)
        assert not result.ok
    assert [entry.name for entry in store.files()] == ["notes.md"]


def test_a_missing_file_is_answered_with_the_nearest(store: MemoryStore) -> None:
    answer = say(store, "<|READ|>note.md<|END|>")
    assert "there is no file note.md. Did you mean 'notes.md'?" in answer


def test_a_file_is_never_a_folder_too(store: MemoryStore) -> None:
    assert "cannot be a folder" in say(store, "<|APPEND|>notes.md/x|a<|END|>")
    say(store, "<|APPEND|>a/b/c|x<|END|>")
    assert "cannot be a file" in say(store, "<|APPEND|>a/b|x<|END|>")
    say(store, "<|DELETE|>a/b/c<|END|>")
    assert say(store, "<|APPEND|>a/b|x<|END|>").endswith("added; 1 line now")


@pytest.mark.parametrize(
    ("quotas", "command", "problem"),
    [
        (Quotas(files=2), "<|CREATE|>c<|END|>", "2 files already"),
        (Quotas(file_chars=5), "<|APPEND|>a|toolong<|END|>", "the file would hold 10 characters"),
        (Quotas(total_chars=6), "<|WRITE|>b|long<|END|>", "the memory would hold 7 characters"),
    ],
)
def test_over_quota_nothing_changes(quotas: Quotas, command: str, problem: str) -> None:
    store = MemoryStore(MemoryConfig(files={"a": "x", "b": "y"}, quotas=quotas))
    before = {entry.name: store.read(entry.name) for entry in store.files()}
    assert problem in say(store, command)
    assert {entry.name: store.read(entry.name) for entry in store.files()} == before
    store.close()


def test_a_long_result_is_cut_visibly() -> None:
    config = MemoryConfig(files={"a": "x" * 500}, quotas=Quotas(result_chars=100))
    store = MemoryStore(config)
    assert "of 501 characters" in say(store, "<|READ|>a<|END|>")
    store.close()


@pytest.mark.parametrize("length", [88, 89, 90, 91, 92, 93, 95, 99, 100, 101, 5000])
def test_a_file_is_read_whole_or_cut_once(length: int) -> None:
    config = MemoryConfig(files={"a": "x" * length}, quotas=Quotas(result_chars=100))
    store = MemoryStore(config)
    answer = store.execute(MemoryAction("READ", "a")).text
    assert len(answer) <= 100
    assert answer.count("[") <= 1
    assert (answer == f"1 line\n{'x' * length}") == (length + 7 < 100)
    store.close()


def test_half_characters_are_refused(store: MemoryStore) -> None:
    assert "half characters" in str(store.execute(MemoryAction("WRITE", "notes.md", "a\ud800")))
    assert store.read("notes.md").startswith("Stairs")


@pytest.mark.parametrize("count", ["0", "-1", "x", "1e3", "²"])
def test_tail_takes_a_number(store: MemoryStore, count: str) -> None:
    assert "TAIL takes a number" in say(store, f"<|TAIL|>notes.md|{count}<|END|>")


def test_only_the_vocabulary_can_be_used() -> None:
    store = MemoryStore(MemoryConfig(vocabulary=("read", "SEARCH")))
    assert "not in the vocabulary, which is READ, SEARCH" in say(store, "<|CREATE|>a<|END|>")
    store.close()


def test_an_operation_of_ones_own() -> None:
    shout = Operation("SHOUT", ("file",), "a file in capitals", lambda s, a: s.read(a.file).upper())
    store = MemoryStore(MemoryConfig(files={"a": "hey"}, operations=(shout,)))
    assert store.execute(MemoryAction("SHOUT", "a")).text == "HEY\n"
    store.close()


def test_the_journal_rebuilds_every_turn(store: MemoryStore) -> None:
    states = [{"notes.md": store.read("notes.md")}]
    commands = ("<|APPEND|>a|1<|END|>", "<|WRITE|>a|2<|END|>", "<|DELETE|>notes.md<|END|>")
    for turn, command in enumerate(commands, 1):
        (action,) = parse(command)
        assert isinstance(action, MemoryAction)
        store.execute(action, turn)
        states.append({entry.name: store.read(entry.name) for entry in store.files()})
    assert [store.history.at(turn) for turn in range(4)] == states


def test_reset_empties_and_keep_keeps(store: MemoryStore) -> None:
    say(store, "<|APPEND|>a|1<|END|>")
    store.reset(keep=True)
    assert store.read("a") == "1\n"
    assert store.history.at(0).keys() == {"notes.md", "a"}
    store.reset()
    assert [entry.name for entry in store.files()] == ["notes.md"]
    assert not (store.root / "a").exists()


def test_a_root_with_foreign_files_is_not_emptied(tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").write_text("years of work")
    with pytest.raises(ValueError, match="holds files that no memory wrote"):
        MemoryStore(MemoryConfig(root=tmp_path))
    assert (tmp_path / "thesis.tex").read_text() == "years of work"


def test_a_root_of_ones_own_stays_and_can_be_used_again(tmp_path: Path) -> None:
    for _ in range(2):
        store = MemoryStore(MemoryConfig(files={"a": "1"}, root=tmp_path / "memory"))
        say(store, "<|APPEND|>a|2<|END|>")
        store.close()
        assert (tmp_path / "memory" / "a").read_text() == "1\n2\n"


def test_a_temporary_root_is_removed() -> None:
    store = MemoryStore()
    root = store.root
    assert root.is_dir()
    store.close()
    store.close()
    assert not root.exists()


def test_impossible_initial_files_are_an_error_of_the_caller() -> None:
    with pytest.raises(ValueError, match=r"initial file '\.\./a'"):
        MemoryStore(MemoryConfig(files={"../a": ""}))


@given(
    st.lists(st.tuples(st.sampled_from("AWUD"), st.sampled_from(["a", "b/c"]), st.text(max_size=9)))
)
def test_the_store_is_a_dictionary_of_texts(changes: list[tuple[str, str, str]]) -> None:
    store = MemoryStore()
    model: dict[str, str] = {}
    for kind, name, text in changes:
        lines = text.strip("\n") + "\n" if text.strip("\n") else ""
        try:
            if kind == "A":
                store.append(name, text)
                model[name] = model.get(name, "") + lines
            elif kind == "W":
                store.write(name, text)
                model[name] = lines
            elif kind == "D":
                store.delete(name)
                del model[name]
            else:
                store.upsert(name, "k", text)
                assert store.search(name, "k:").total
                model[name] = store.read(name)
        except Refused:
            assert (kind == "A" and not lines) or (kind == "D" and name not in model)
    assert {entry.name: store.read(entry.name) for entry in store.files()} == model
    assert store.history.at(0) == model
    for entry in store.files():
        assert (entry.lines, entry.chars) == (model[entry.name].count("\n"), len(model[entry.name]))
    store.close()


def test_a_key_is_compared_whole(store: MemoryStore) -> None:
    for key in ("a: b", "a:"):
        assert "holds no colon before a space" in say(store, f"<|UPSERT|>m|{key}|1<|END|>")
    for key, text in (("ab", "1"), ("a:b", "2"), ("a", ""), ("a", "3"), ("ab", "")):
        say(store, f"<|UPSERT|>m|{key}|{text}<|END|>")
    assert store.read("m") == "ab:\na:b: 2\na: 3\n"


def test_a_forked_child_leaves_the_memory_of_its_parent(store: MemoryStore) -> None:
    child = os.fork()
    if child == 0:
        store.close()
        os._exit(0)
    os.waitpid(child, 0)
    store.append("notes.md", "still here")
    assert store.tail("notes.md", 1) == ["still here"]
    assert store.verify() == ()


def test_an_empty_vocabulary_is_a_memory_that_cannot_be_used() -> None:
    store = MemoryStore(MemoryConfig(files={"a": "x"}, vocabulary=()))
    assert "not in the vocabulary" in say(store, "<|READ|>a<|END|>")
    store.close()


def test_deleting_gives_room_back() -> None:
    quotas = Quotas(files=2, total_chars=10)
    store = MemoryStore(MemoryConfig(files={"a": "12345678"}, quotas=quotas))
    for _ in range(3):
        assert "the memory would hold" in say(store, "<|APPEND|>b|1234<|END|>")
        say(store, "<|DELETE|>a<|END|>")
        assert say(store, "<|APPEND|>a|12345678<|END|>").endswith("1 line now")
    store.close()


def test_going_on_with_what_is_there(tmp_path: Path) -> None:
    config = MemoryConfig(files={"a": "1"}, root=tmp_path / "memory")
    first = MemoryStore(config)
    say(first, "<|APPEND|>a|2<|END|>")
    first.close()
    again = MemoryStore(config, resume=True)
    assert again.read("a") == "1\n2\n"
    assert str(again.recovery) == "recovered 2 changes"
    again.close()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("k: 1\nz", "k: v\nz\n"),
        ("a\nk: 1\nz", "a\nk: v\nz\n"),
        ("é k: 1\nk: 1", "é k: 1\nk: v\n"),
        ("k:\né\nk: 2\nz\nk: 3", "k: v\né\nz\n"),
        ("kk: 1\nk:1\nK: 1", "kk: 1\nk:1\nK: 1\nk: v\n"),
        ("a k: k: 1", "a k: k: 1\nk: v\n"),
        ("k: " + "long " * 50 + "\nz", "k: v\nz\n"),
    ],
)
def test_an_upsert_finds_the_lines_of_its_key_alone(before: str, after: str) -> None:
    store = MemoryStore(MemoryConfig(files={"a": before}))
    store.upsert("a", "k", "v")
    assert store.read("a") == after
    assert store.verify() == ()
    assert store.entry("a")[1:3] == (after.count("\n"), len(after))
    store.close()


def test_an_upsert_bears_a_file_that_somebody_cut() -> None:
    """Its last line has no break any more; that line is not of the memory."""
    store = MemoryStore(MemoryConfig(files={"a": "x: 1\nk: 1"}))
    (store.root / "a").write_text("x: 1\nk:")
    assert store.upsert("a", "k", "v")[1] is False
    assert store.upsert("a", "x", "2")[1] is True
    store.close()


def test_a_key_of_several_lines_replaces_none() -> None:
    store = MemoryStore(MemoryConfig(files={"a": "x\ny: 1\nz"}))
    store.upsert("a", "x\ny", "2")
    assert store.read("a") == "x\ny: 1\nz\nx\ny: 2\n"
    store.close()


def test_a_file_over_quota_can_be_made_shorter(tmp_path: Path) -> None:
    files = {"a": "x" * 100, "b": "y" * 100}
    MemoryStore(MemoryConfig(files=files, root=tmp_path / "m")).close()
    config = MemoryConfig(root=tmp_path / "m", quotas=Quotas(file_chars=50, total_chars=60))
    store = MemoryStore(config, resume=True)
    assert "would hold" in say(store, "<|APPEND|>a|more<|END|>")
    assert say(store, f"<|WRITE|>a|{'x' * 80}<|END|>").endswith("1 line now")
    store.rename("a", "c")
    assert store.history.at().keys() == {"b", "c"}
    store.close()


def test_keeping_nothing_is_keeping_too(store: MemoryStore) -> None:
    say(store, "<|DELETE|>notes.md<|END|>")
    for _ in range(3):
        store.reset(keep=True)
        assert store.files() == ()


def test_a_file_that_is_no_text_any_more_is_answered(store: MemoryStore) -> None:
    (store.root / "notes.md").write_bytes(b"\xff\xfe\n")
    for command in ("<|READ|>notes.md<|END|>", "<|TAIL|>notes.md<|END|>"):
        assert "something else has changed the file" in say(store, command)


def test_an_impossible_beginning_loses_nothing(tmp_path: Path) -> None:
    store = MemoryStore(MemoryConfig(files={"a": "1"}, root=tmp_path / "m"))
    with pytest.raises(Refused, match=r"file '\.\./b'"):
        store.begin({"c": "1", "../b": "2"})
    assert store.history.at() == {"a": "1\n"}
    assert store.verify() == ()
    store.close()
