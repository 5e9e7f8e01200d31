"""The memory tool's commands as operations: the same texts, and actions that survive printing."""

import pickle
from typing import Any

import pytest
from anthropic.lib.tools import ToolError
from hypothesis import given
from hypothesis import strategies as st

from memory_fs import FIELDS, MemoryAction, MemoryConfig, MemoryStore, Parser, Refused
from memory_fs.adapters.memory_operations import NAMES, OPERATIONS, to_action, to_arguments
from memory_fs.adapters.memory_tool import StoreMemoryTool

CONFIG = MemoryConfig(
    files={"notes.md": "one\ntwo"},
    vocabulary=tuple(operation.name for operation in OPERATIONS),
    operations=OPERATIONS,
)
PARSER = Parser({**FIELDS, **{operation.name: operation.fields for operation in OPERATIONS}})

TEXTS = st.text() | st.sampled_from(
    ["<|END|>", "</END>", "<think>", "a|b", "\\<|END|>", "<|ACTION|>x<|END|>", "\n", " ", "\ud800"]
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=5,
)
NAMES_OF_ARGUMENTS = st.sampled_from(["path", "file_text", "old_path", "new_str"]) | TEXTS
CALLS = st.builds(
    lambda command, rest: {**rest, "command": command},
    st.sampled_from(sorted(NAMES)),
    st.dictionaries(NAMES_OF_ARGUMENTS, VALUES, max_size=4),
)


@given(CALLS)
def test_a_call_survives_as_an_action_and_as_its_text(call: dict[str, Any]) -> None:
    action = to_action(call)
    assert to_arguments(action) == call
    assert PARSER.parse(f"before {action} after") == (action,)
    assert action.op == NAMES[call["command"]]


@given(CALLS)
def test_any_call_has_an_answer(call: dict[str, Any]) -> None:
    store = MemoryStore(CONFIG)
    try:
        result = store.execute(to_action(call), 1)
        assert result.text
        assert store.verify() == ()
    finally:
        store.close()


def test_a_plain_path_can_be_read_in_the_trace() -> None:
    call = {"command": "view", "path": "/memories/notes.md"}
    assert str(to_action(call)) == "<|VIEW|>/memories/notes.md<|END|>"
    call = {"command": "rename", "old_path": "/memories/a", "new_path": "/memories/b"}
    assert str(to_action(call)) == '<|RENAME|>/memories/a|{"new_path":"/memories/b"}<|END|>'


SCRIPT = (
    {"command": "view", "path": "/memories"},
    {"command": "create", "path": "/memories/maps/a.md", "file_text": "tree\nwater <|END|> a|b"},
    {"command": "create", "path": "/memories/maps/a.md", "file_text": "again"},
    {"command": "view", "path": "/memories/maps/a.md", "view_range": [2, -1]},
    {"command": "str_replace", "path": "/memories/maps/a.md", "old_str": "<|END|>", "new_str": "x"},
    {"command": "str_replace", "path": "/memories/maps/a.md", "old_str": "nowhere", "new_str": ""},
    {"command": "insert", "path": "/memories/notes.md", "insert_line": 1, "insert_text": "mid"},
    {"command": "insert", "path": "/memories/notes.md", "insert_line": "1", "insert_text": "mid"},
    {"command": "rename", "old_path": "/memories/maps", "new_path": "/memories/charts"},
    {"command": "view", "path": "/etc/passwd"},
    {"command": "view", "path": "/memories/../../etc/passwd"},
    {"command": "view", "path": ["/memories"]},
    {"command": "view"},
    {"command": "delete", "path": "/memories/charts"},
    {"command": "delete", "path": "/memories"},
    {"command": "view", "path": "/memories/notes.md"},
)


def test_operations_and_tool_answer_and_do_the_same() -> None:
    ours, tools = MemoryStore(CONFIG), MemoryStore(CONFIG)
    for turn, call in enumerate(SCRIPT, 1):
        result = ours.execute(to_action(call), turn)
        try:
            answer, ok = str(StoreMemoryTool(tools, lambda now=turn: (now, 0)).call(call)), True
        except ToolError as refusal:
            answer, ok = str(refusal), False
        assert (result.text, result.ok) == (answer, ok)
    assert list(ours.journal) == list(tools.journal)
    assert ours.history.at() == {"notes.md": "one\nmid\nmid\ntwo\n"}
    ours.close()
    tools.close()


def test_a_long_file_is_shown_in_parts() -> None:
    store = MemoryStore(CONFIG)
    store.write("long.md", "line\n" * 5000)
    shown = store.execute(to_action({"command": "view", "path": "/memories/long.md"})).text
    assert len(shown) <= store.config.quotas.result_chars
    assert shown.endswith("[cut: use view_range to see /memories/long.md in parts]")
    store.close()


@pytest.mark.parametrize("call", [None, [], "view", {}, {"command": None}, {"command": ["view"]}])
def test_what_is_no_command_at_all(call: object) -> None:
    with pytest.raises(Refused, match="There are view, create"):
        to_action(call)
    with pytest.raises(Refused, match="Did you mean 'view'"):
        to_action({"command": "veiw"})


def test_the_operations_travel_to_worker_processes() -> None:
    assert pickle.loads(pickle.dumps(CONFIG)).table.keys() == CONFIG.table.keys()
    assert isinstance(to_action({"command": "view"}), MemoryAction)
