from __future__ import annotations

import pytest

from agents.scaffold import load_scaffold
from agents.scaffold_command.new import flattened
from training.structure.validation.structure import structural_changes

FILES = flattened(load_scaffold("generic/v0"), "mine")
HOOKS = """
def notices(context):
    'Says hello.'
    return ["hello"] if context["stuck"] else []
"""


def changed(name, old, new):
    assert old in FILES[name]
    return structural_changes(FILES, {**FILES, name: FILES[name].replace(old, new)})


def test_a_scaffold_is_no_change_of_itself():
    assert structural_changes(FILES, dict(FILES)) == []


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("prompts/plan.j2", "Look up what you need", "Think hard, look up what you need"),
        ("prompts/parts/files.j2", '"no files"', '"nothing yet"'),
        ("scaffold.toml", "where things are", "places of all kinds"),
        ("scaffold.toml", 'name = "mine"', 'name = "yours"'),
    ],
)
def test_words_are_none(name, old, new):
    assert changed(name, old, new) == []


def test_memory_text_is_words():
    assert structural_changes(FILES, {**FILES, "memory/strategy.md": "1. Win.\n"}) == []


@pytest.mark.parametrize(
    ("name", "old", "new", "told"),
    [
        ("scaffold.toml", "stuck_steps = 4", "stuck_steps = 3", "limits"),
        ("scaffold.toml", '"TAIL", "COUNT", "APPEND"', '"TAIL", "APPEND"', "vocabulary"),
        ("prompts/parts/notices.j2", "{% if stuck %}", "{% if stuck > 9 %}", "conditions"),
        ("prompts/parts/files.j2", "files.strip", "results.strip", "conditions"),
        ("prompts/plan.j2", '{% include "parts/situation.j2" %}', "", "conditions"),
    ],
)
def test_structure_is_told(name, old, new, told):
    assert any(told in change for change in changed(name, old, new))


def test_another_file_in_the_memory_is_structure():
    manifest = FILES["scaffold.toml"].replace("[files]", '[files]\n"people.md" = "who is there"')
    files = {**FILES, "scaffold.toml": manifest, "memory/people.md": ""}
    assert structural_changes(FILES, files) == ["scaffold.toml: the memory's files"]


def test_code_is_structure_and_its_texts_are_words():
    before = {**FILES, "hooks.py": HOOKS}
    assert structural_changes(FILES, before) == ["hooks.py: its code"]
    for old, new in (('"hello"', '"good day"'), ("Says hello.", "Says it.")):
        assert structural_changes(before, {**FILES, "hooks.py": HOOKS.replace(old, new)}) == []
    other = HOOKS.replace("stuck", "unchanged", 1)
    # The name of an entry is a text too; another one is a structural change all the same.
    assert structural_changes(before, {**FILES, "hooks.py": other.replace("if", "if not", 1)})


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("hooks.py", "-" * 60_000 + "1"),
        ("hooks.py", "x = 1" + "+1" * 5_000),
        ("prompts/plan.j2", "{% if stuck %}" * 300 + "{% endif %}" * 300),
        ("prompts/plan.j2", "{{ " + "(" * 300 + "1" + ")" * 300 + " }}"),
    ],
)
def test_what_is_nested_too_deep_is_compared_as_it_stands(name, text):
    files = {**FILES, name: text}
    assert structural_changes(files, dict(files)) == []
    (change,) = structural_changes(FILES, files)
    assert change.startswith(name)
