import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memory_fs import FIELDS, MemoryAction, MemoryConfig, MemoryStore, Refused
from memory_fs.adapters.json_tools import to_action, tools

ARGUMENTS = {
    "SEARCH": {"file": "a", "query": "x"},
    "READ": {"file": "a"},
    "TAIL": {"file": "a", "lines": 3},
    "COUNT": {"file": "a", "query": "x"},
    "APPEND": {"file": "a", "text": "x"},
    "WRITE": {"file": "a", "text": "x"},
    "CREATE": {"file": "b"},
    "UPSERT": {"file": "a", "key": "k", "text": "x"},
    "DELETE": {"file": "a"},
    "LIST": {},
}


def test_every_operation_is_a_tool_in_both_forms() -> None:
    for tool in tools():
        op = tool["name"].removeprefix("memory_").upper()
        assert set(tool["input_schema"]["properties"]) == set(ARGUMENTS[op])
        assert tool["input_schema"]["required"] == list(ARGUMENTS[op])
    names = [tool["function"]["name"] for tool in tools(form="chat-completions")]
    assert names == [tool["name"] for tool in tools()]
    assert len(names) == len(FIELDS)
    assert json.loads(json.dumps(tools())) == tools()


@pytest.mark.parametrize("op", FIELDS)
def test_a_call_is_an_action(op: str) -> None:
    action = to_action(f"memory_{op.lower()}", ARGUMENTS[op])
    assert to_action(f"memory_{op.lower()}", json.dumps(ARGUMENTS[op])) == action
    store = MemoryStore(MemoryConfig(files={"a": "x"}))
    assert store.execute(action).ok
    store.close()


@pytest.mark.parametrize(
    ("name", "arguments", "problem"),
    [
        ("memory_serch", {}, "Did you mean 'memory_search'"),
        ("bash", {}, "there is no tool bash"),
        ("memory_read", {}, "memory_read takes the arguments file"),
        ("memory_read", {"file": "a", "mode": "w"}, "takes the arguments file"),
        ("memory_read", "{", "are no JSON"),
        ("memory_read", "[1]", "takes the arguments file"),
        ("memory_read", {"file": "a|b"}, "holds no"),
        ("memory_write", {"file": "a", "text": "<|END|>"}, "closes the command"),
        ("memory_write", {"file": "a", "text": None}, "text is text, not None"),
        ("memory_write", {"file": ["a"], "text": "x"}, "file is text, not"),
        ("memory_tail", {"file": "a", "lines": True}, "lines is a number, not True"),
        ("memory_tail", {"file": "a", "lines": 1.5}, "lines is a number, not 1.5"),
        ("memory_write", "[" * 100_000, "are no JSON"),
    ],
)
def test_a_wrong_call_is_refused(name: str, arguments: object, problem: str) -> None:
    with pytest.raises(Refused, match=problem):
        to_action(name, arguments)  # type: ignore[arg-type]


def test_only_the_vocabulary_is_offered() -> None:
    table = MemoryConfig(vocabulary=("READ", "SEARCH")).table
    assert [tool["name"] for tool in tools(table)] == ["memory_read", "memory_search"]
    with pytest.raises(Refused, match="there is no tool memory_write"):
        to_action("memory_write", ARGUMENTS["WRITE"], table)


@given(st.text(), st.one_of(st.text(), st.dictionaries(st.text(), st.text(), max_size=3)))
def test_any_call_is_an_action_or_refused(name: str, arguments: object) -> None:
    for tool in (name, "memory_write"):
        with contextlib.suppress(Refused):
            assert isinstance(to_action(tool, arguments), MemoryAction)  # type: ignore[arg-type]
