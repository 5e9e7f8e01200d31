"""The tools of an engine, whatever a model makes of them."""

from __future__ import annotations

import inspect
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from memory_fs import Refused
from training.proficiency.engines.answers import ALL
from training.proficiency.engines.reference import TOPICS
from training.proficiency.engines.workspace import Workspace
from training.proficiency.lora_recipe import LoraRecipe
from training.proficiency.selection_settings import SelectionSettings
from training.proficiency.selectors.criteria import CRITERIA
from training.structure.reviewers.toolbox import Toolbox, tools
from training.structure.workspace import PAGE_CHARS

TOOLS = {tool["name"]: tool for tool in tools("training.proficiency.engines")}


@pytest.mark.parametrize("name", TOOLS)
def test_each_tool_is_a_method_of_the_workspace(name):
    parameters = dict(inspect.signature(getattr(Workspace, name)).parameters)
    del parameters["self"]
    schema = TOOLS[name]["input_schema"]
    assert set(parameters) == set(schema["properties"]) - {"offset"}
    needed = [name for name, it in parameters.items() if it.default is inspect.Parameter.empty]
    assert sorted(needed) == sorted(schema["required"])
    kinds = {"str": "string", "int": "integer"}
    for argument, parameter in parameters.items():
        assert schema["properties"][argument]["type"] == kinds[parameter.annotation]
        assert schema["properties"][argument]["description"]


def test_choices_are_those_of_the_code():
    assert TOOLS["turns"]["input_schema"]["properties"]["what"]["enum"] == [ALL, *CRITERIA]
    assert TOOLS["reference"]["input_schema"]["properties"]["topic"]["enum"] == [*TOPICS]


@pytest.mark.parametrize("topic", TOPICS)
def test_the_reference(ledger, topic):
    text = Toolbox(Workspace(ledger), tools("training.proficiency.engines")).use(
        "reference", {"topic": topic}
    )
    words = {"turn": "read_after", "selector": "judge(turns)"}
    assert words.get(topic, "its defaults") in text


_VALUES = st.one_of(
    st.sampled_from(["criteria", "random", "selector.py", "os:system", "x.py", ""]),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.just(10**400),
    st.lists(st.integers(), max_size=2),
)


def _written(value):
    if isinstance(value, str):
        return f'"{value}"'
    return str(value).lower()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.data())
def test_any_recipe_is_taken_or_refused(ledger, data):
    """Its selection is not carried out: only what is wrong with it by itself counts."""
    workspace = Workspace(ledger)
    workspace._selected = lambda recipe: ""
    given = {"title": "t", "reason": "r"}
    for name, kind in (("selection", SelectionSettings), ("lora", LoraRecipe)):
        names = st.sampled_from([*kind.__dataclass_fields__])
        table = data.draw(st.dictionaries(names, _VALUES, max_size=3))
        given[name] = "\n".join(f"{key} = {_written(value)}" for key, value in table.items())
    toolbox = Toolbox(workspace, [*TOOLS.values()])
    with suppress(Refused):
        toolbox.use("propose", given)
        assert workspace.recipe is not None
        assert workspace.finished


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(st.data())
def test_any_input_is_answered_or_refused(ledger, data):
    name = data.draw(st.sampled_from([*TOOLS]))
    texts = st.text(max_size=20) | st.sampled_from(["log", "plan 1", "turn", "found"])
    right = st.fixed_dictionaries(
        {},
        optional={
            argument: st.sampled_from(entry["enum"])
            if "enum" in entry
            else (texts if entry["type"] == "string" else st.integers())
            for argument, entry in TOOLS[name]["input_schema"]["properties"].items()
        },
    )
    toolbox = Toolbox(Workspace(ledger), [*TOOLS.values()])
    with suppress(Refused):
        assert len(toolbox.use(name, data.draw(right))) <= PAGE_CHARS
