from __future__ import annotations

import inspect
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from memory_fs import Refused
from training.structure.reviewers.toolbox import Toolbox, tools
from training.structure.workspace import PAGE_CHARS, Workspace
from training.structure.workspace.figures import ORDERS
from training.structure.workspace.happenings import KINDS

NAMES = [tool["name"] for tool in tools()]


@pytest.fixture
def toolbox(second_review) -> Toolbox:
    return Toolbox(Workspace(second_review), tools())


@pytest.mark.parametrize("tool", tools(), ids=NAMES)
def test_each_tool_is_a_method_of_the_workspace(tool):
    parameters = dict(inspect.signature(getattr(Workspace, tool["name"])).parameters)
    del parameters["self"]
    schema = tool["input_schema"]
    assert set(parameters) == set(schema["properties"]) - {"offset"}
    needed = [name for name, it in parameters.items() if it.default is inspect.Parameter.empty]
    assert sorted(needed) == sorted(schema["required"])
    kinds = {"str": "string", "int": "integer", "bool": "boolean"}
    for name, parameter in parameters.items():
        assert schema["properties"][name]["type"] == kinds[parameter.annotation]
        assert schema["properties"][name]["description"]


def test_choices_are_those_of_the_workspace():
    schemas = {tool["name"]: tool["input_schema"]["properties"] for tool in tools()}
    assert set(schemas["steps"]["what"]["enum"]) == set(KINDS)
    assert set(schemas["episodes"]["order"]["enum"]) == set(ORDERS)


@pytest.mark.parametrize(
    ("name", "given", "says"),
    [
        ("bash", {"command": "ls"}, "there is no tool 'bash'"),
        ("read_fil", {}, "Did you mean 'read_file'"),
        ("__init__", {}, "there is no tool"),
        ("revision", {}, "there is no tool"),
        ("read_file", {}, "the argument path is missing"),
        ("read_file", {"path": 3}, "path is a text, not 3"),
        ("read_file", {"path": "reference/hooks.md", "x": 1}, "there is no argument 'x'"),
        ("read_file", {"path": "reference/hooks.md", "offset": True}, "offset is a whole number"),
        ("read_file", {"path": "reference/hooks.md", "offset": -1}, "from 0 below that"),
        ("read_file", {"path": "reference/hooks.md", "offset": 10**9}, "from 0 below that"),
        ("step", {"episode": "seed 1", "step": "9"}, "step is a whole number, not '9'"),
        ("step", {"episode": "seed 1", "step": 9.0}, "step is a whole number"),
        ("step", {"episode": "seed 1", "step": 1, "system": "yes"}, "system is true or false"),
        ("steps", {"what": "rewards"}, "what is one of .* Did you mean 'reward'"),
        ("episodes", {"run": "mine"}, "there is no run 'mine'"),
        ("write_file", {"path": "hooks.py", "text": None}, "text is a text, not None"),
    ],
)
def test_wrong_inputs_are_told(toolbox, name, given, says):
    with pytest.raises(Refused, match=says):
        toolbox.use(name, given)


def test_long_results_come_page_by_page(toolbox):
    first = toolbox.use("step", {"episode": "seed 1", "step": 9, "system": True})
    assert len(first) <= PAGE_CHARS
    offset = int(first.rpartition("offset=")[2].rstrip("]"))
    second = toolbox.use("step", {"episode": "seed 1", "step": 9, "system": True, "offset": offset})
    assert second != first


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.data())
def test_any_input_is_answered_or_refused(toolbox, data):
    tool = data.draw(st.sampled_from(tools()))
    properties = tool["input_schema"]["properties"]
    texts = st.text(max_size=40) | st.sampled_from(
        ["parent", "failed", "seed 1", "revision/hooks.py", "memory/../x", "actions.md", "text"]
    )
    values = {
        "string": texts,
        "integer": st.integers() | st.integers(0, 30),
        "boolean": st.booleans(),
    }
    right = st.fixed_dictionaries(
        {},
        optional={
            name: st.sampled_from(entry["enum"]) if "enum" in entry else values[entry["type"]]
            for name, entry in properties.items()
        },
    )
    wrong = st.dictionaries(texts, st.none() | texts | st.integers() | st.lists(texts))
    with suppress(Refused):
        assert len(toolbox.use(tool["name"], data.draw(right | wrong))) <= PAGE_CHARS
