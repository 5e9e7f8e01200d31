from __future__ import annotations

import pytest

from training.structure.file_names import PART_CHARS, PATH_CHARS, name_problems

LONG = "memory/" + "/".join(["a" * 99] * 9)


@pytest.mark.parametrize(
    "name",
    [
        "scaffold.toml",
        "hooks.py",
        "prompts/parts/a b.j2",
        "memory/-x",
        "memory/" + "a" * PART_CHARS,
    ],
)
def test_what_a_scaffold_may_hold(name):
    assert name_problems([name]) == []


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("README.md", "is no path of a scaffold; there are scaffold.toml, hooks.py"),
        ("prompts", "is no path of a scaffold"),
        ("memory//a", "is no path of a scaffold"),
        ("memory/../a", "is no path of a scaffold"),
        ("memory/a\n", "is no path of a scaffold"),
        ("scaffold.toml/a", "is no path of a scaffold"),
        ("prompts/__pycache__/a.j2", "in a folder that no scaffold reads"),
        ("memory/" + "a" * (PART_CHARS + 1), "has a part of 256 characters; 255 at most"),
        (LONG, f"is a path of {len(LONG)} characters; {PATH_CHARS} at most"),
    ],
)
def test_what_it_may_not(name, words):
    (problem,) = name_problems([name])
    assert words in problem
    assert problem.isprintable()
    assert len(problem) < 500


def test_a_file_is_no_folder():
    (problem,) = name_problems(["memory/a", "memory/a/b/c", "memory/ab"])
    assert (
        problem == "'memory/a/b/c': stands in 'memory/a', which is a file itself; rename one of "
        "the two"
    )
