from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.structure.reviewers.heuristic.edit import catalogue
from training.structure.reviewers.heuristic.hook_file import HookFile
from training.structure.validation.hook_rules import rule_problems


def problems(source):
    return list(rule_problems(source, "hooks.py"))


def test_plain_hooks_keep_the_rules():
    assert (
        problems(
            "import re\nWORDS = ['a', 'b']\n"
            "def notices(context):\n"
            "    found = []\n"
            "    for word in WORDS:\n"
            "        found.append(re.escape(word))\n"
            "    return sorted(found)\n"
        )
        == []
    )


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("import os", "imports os"),
        ("from benchmarks.run import run", "imports benchmarks"),
        ("from . import x", "imports a neighbour"),
        ("import agents.scaffold as s", "imports agents"),
        ("SEEN = []\ndef f(c):\n    SEEN.append(c)", "SEEN (line 3) keeps something"),
        ("SEEN = {}\ndef f(c):\n    SEEN['a'] = c", "SEEN (line 3) keeps something"),
        ("SEEN: list = []\ndef f(c):\n    SEEN.extend(c)", "SEEN (line 3) keeps something"),
        ("N = 0\ndef f(c):\n    global N\n    N += 1", "'N' keeps something"),
        ("def f(c, seen=[]):\n    seen.append(c)", "default of an argument of f keeps"),
        ("def f(c, *, seen=dict()):\n    return seen", "default of an argument of f keeps"),
        ("def f(c):\n    f.seen = c", "f (line 2) keeps something"),
        ("class A:\n    x = []\ndef f(c):\n    A.x.append(c)", "A (line 4) keeps something"),
        ("import functools\n@functools.lru_cache(9)\ndef f(c):\n    return c", "cache of f keeps"),
        ("def f(c):\n    def g():\n        nonlocal_ = 1\n    return open('x')", "uses open"),
        ("def f(c):\n    return eval(c)", "uses eval"),
        ("def f(c):\n    return ().__class__.__base__.__subclasses__()", "uses __subclasses__"),
        ("def f(c):\n    return c['seed']", "looks for a seed"),
        ("def f(seed):\n    return seed", "looks for a seed"),
    ],
)
def test_what_is_against_them_is_told_with_its_line(source, told):
    found = problems(source)
    assert any(told in problem for problem in found), found
    assert all(problem.startswith("hooks.py:") for problem in found)


def test_our_own_edits_keep_them():
    hooks = HookFile()
    for edit in catalogue():
        if edit.hooks:
            from importlib.resources import files

            folder = files("training.structure.reviewers.heuristic") / "edits"
            source = (folder / edit.hooks).read_text(encoding="utf-8")
            hooks = hooks.with_fragment(edit.name, source.replace("FILE.md", "map.md"))
    assert problems(hooks.text) == []


@given(st.text(max_size=80))
def test_any_python_is_read(text):
    try:
        found = problems(text)
    except (SyntaxError, ValueError):
        return
    assert all(problem.startswith("hooks.py:") for problem in found)
