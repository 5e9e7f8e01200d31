"""Claude's memory commands on our store, through the real SDK's dispatch."""

from typing import Any

import pytest
from anthropic.lib.tools import ToolError

from memory_fs import MemoryConfig, MemoryStore, Quotas, parse
from memory_fs.adapters.json_tools import to_action
from memory_fs.adapters.memory_tool import StoreMemoryTool


@pytest.fixture
def store():
    config = MemoryConfig(files={"notes.md": "one\ntwo"}, quotas=Quotas(file_chars=100))
    store = MemoryStore(config)
    yield store
    store.close()


def call(store: MemoryStore, command: str, **arguments: Any) -> str:
    return str(StoreMemoryTool(store).call({"command": command, **arguments}))


def test_all_six_commands(store: MemoryStore) -> None:
    assert call(store, "view", path="/memories/notes.md").endswith("     1\tone\n     2\ttwo\n")
    assert "\ttwo" in call(store, "view", path="/memories/notes.md", view_range=[2, -1])
    assert "one" not in call(store, "view", path="/memories/notes.md", view_range=[2, 2])
    call(store, "create", path="/memories/maps/a.md", file_text="tree\nwater")
    assert "8\t/memories/notes.md" in call(store, "view", path="/memories")
    assert "/memories/maps/a.md" in call(store, "view", path="/memories/maps")
    call(store, "str_replace", path="/memories/maps/a.md", old_str="ree\nwa", new_str="ry s")
    assert store.read("maps/a.md") == "try ster\n"
    call(store, "insert", path="/memories/notes.md", insert_line=1, insert_text="between\n")
    call(store, "insert", path="/memories/notes.md", insert_line=0, insert_text="first")
    assert store.read("notes.md") == "first\none\nbetween\ntwo\n"
    call(store, "rename", old_path="/memories/maps", new_path="/memories/charts")
    assert store.read("charts/a.md") == "try ster\n"
    call(store, "delete", path="/memories/charts")
    assert [entry.name for entry in store.files()] == ["notes.md"]
    assert store.verify() == ()


@pytest.mark.parametrize(
    ("command", "arguments", "problem"),
    [
        ("view", {"path": "/etc/passwd"}, "must start with /memories"),
        ("view", {"path": "/memories/../etc/passwd"}, "is no file name"),
        ("view", {"path": "/memoriesx"}, "must start with /memories"),
        ("view", {"path": "/memories/none"}, "there is no file none"),
        ("create", {"path": "/memories/notes.md", "file_text": ""}, "already exists"),
        ("create", {"path": "/memories/b", "file_text": "x" * 200}, "100 are allowed"),
        ("str_replace", {"path": "/memories/notes.md", "old_str": "o", "new_str": ""}, "2 times"),
        ("str_replace", {"path": "/memories/notes.md", "old_str": "", "new_str": ""}, "0 times"),
        ("insert", {"path": "/memories/notes.md", "insert_line": 9, "insert_text": "x"}, "2 lines"),
        ("delete", {"path": "/memories"}, "Cannot delete the /memories directory"),
        ("rename", {"old_path": "/memories/x", "new_path": "/memories/y"}, "there is no file x"),
        ("rename", {"old_path": "/memories/notes.md", "new_path": "/memories"}, "Cannot rename"),
        (
            "rename",
            {"old_path": "/memories/notes.md", "new_path": "/memories/notes.md/x"},
            "itself",
        ),
        ("view", {"path": "/memories/notes.md", "view_range": [1]}, "view_range is"),
        ("view", {"path": "/memories/notes.md", "view_range": ["a", 2]}, "is a number, not 'a'"),
        ("view", {"path": "/memories/notes.md", "view_range": [9, 10]}, "the file has 2 lines"),
        (
            "insert",
            {"path": "/memories/notes.md", "insert_line": None, "insert_text": "x"},
            "number",
        ),
        ("create", {"path": None, "file_text": "x"}, "path is text, not None"),
        ("create", {"path": "/memories/b", "file_text": None}, "file_text is text"),
        ("str_replace", {"path": "/memories/notes.md", "old_str": "one"}, "new_str is text"),
    ],
)
def test_refusals_reach_the_model(
    store: MemoryStore, command: str, arguments: dict[str, Any], problem: str
) -> None:
    with pytest.raises(ToolError, match=problem):
        call(store, command, **arguments)
    assert store.history.at() == {"notes.md": "one\ntwo\n"}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("a\n", "a "),
        ("b\nc\n", ""),
        ("c\n", ""),
        ("a", ""),
        ("a\nb", "x\n\ny\n"),
        ("\n\n", "\n"),
        ("b\nc\n\nd\n", "e"),
    ],
)
def test_a_replacement_is_that_of_the_text(old: str, new: str) -> None:
    text = "a\nb\nc\n\nd\n"
    store = MemoryStore(MemoryConfig(files={"f": text}))
    call(store, "str_replace", path="/memories/f", old_str=old, new_str=new)
    expected = text.replace(old, new)
    assert store.read("f") == (expected if expected.endswith("\n") else f"{expected}\n")
    assert store.verify() == ()
    store.close()


def test_a_folder_moves_whole_or_not_at_all() -> None:
    store = MemoryStore(MemoryConfig(files={"d/a": "1", "d/longer": "2"}))
    before = store.history.at()
    with pytest.raises(ToolError, match="too long"):
        call(store, "rename", old_path="/memories/d", new_path=f"/memories/{'y' * 115}")
    assert store.history.at() == before
    call(store, "rename", old_path="/memories/d", new_path="/memories/e/f")
    assert store.history.at() == {"e/f/a": "1\n", "e/f/longer": "2\n"}
    assert [origin.turn for origin in store.history.blame("e/f/a")] == [0]
    store.close()


def test_what_all_harnesses_can_say_leaves_the_same_files_and_journal() -> None:
    """The same changes as text, as function calls, and as Claude's memory commands."""

    def text(store: MemoryStore) -> None:
        script = (
            "<|WRITE|>b|one\ntwo<|END|><|APPEND|>b|three<|END|><|READ|>b<|END|><|DELETE|>a<|END|>"
        )
        for place, action in enumerate(parse(script)):
            assert store.execute(action, 1, place).ok

    def functions(store: MemoryStore) -> None:
        for place, (name, arguments) in enumerate(
            [
                ("memory_write", {"file": "b", "text": "one\ntwo"}),
                ("memory_append", {"file": "b", "text": "three"}),
                ("memory_read", {"file": "b"}),
                ("memory_delete", {"file": "a"}),
            ]
        ):
            assert store.execute(to_action(name, arguments), 1, place).ok

    def claude(store: MemoryStore) -> None:
        place = iter(range(9))
        tool = StoreMemoryTool(store, lambda: (1, next(place)))
        for command in (
            {"command": "create", "path": "/memories/b", "file_text": "one\ntwo"},
            {"command": "insert", "path": "/memories/b", "insert_line": 2, "insert_text": "three"},
            {"command": "view", "path": "/memories/b"},
            {"command": "delete", "path": "/memories/a"},
        ):
            tool.call(command)

    outcomes = []
    for harness in (text, functions, claude):
        store = MemoryStore(MemoryConfig(files={"a": "x"}))
        harness(store)
        outcomes.append((list(store.journal), store.history.at(), store.index()))
        store.close()
    assert outcomes[0] == outcomes[1] == outcomes[2]
