"""Revisions are tried on what really came."""

from __future__ import annotations

import pytest

from benchmarks.run_directory import RunDirectory
from benchmarks.trace import Trace
from training.structure.validation import Validator


@pytest.fixture(scope="module")
def validator(parent_run, scaffold):
    return Validator("MiniHack", scaffold, parent_run)


def revised(scaffold, **more):
    manifest = scaffold["scaffold.toml"].replace("stuck_steps = 4", "stuck_steps = 3")
    return {**scaffold, "scaffold.toml": manifest, **more}


def test_a_sound_revision_may_be_played(validator, scaffold):
    assert validator.problems(revised(scaffold)) == []


def test_a_hook_that_fails_on_recorded_frames_is_told_with_its_place(validator, scaffold):
    hooks = "def notices(context):\n    return [context['observation'].split('@')[40]]\n"
    found = validator.problems(revised(scaffold, **{"hooks.py": hooks}))
    assert found
    assert all(problem.startswith("hooks.py:2: the hooks failed in notices") for problem in found)
    assert "seed 0, step 0" in found[0]


@pytest.mark.parametrize("wrong", ["around[0]['no such key']", "around[40]"])
def test_a_hook_that_reads_the_surroundings_is_tried_with_some(validator, scaffold, wrong):
    hooks = f"def notices(context):\n    around = context['surroundings']\n    return [{wrong}]\n"
    found = validator.problems(revised(scaffold, **{"hooks.py": hooks}))
    assert found
    assert all("KeyError" in problem or "IndexError" in problem for problem in found), found


def test_a_hook_may_rely_on_the_surroundings_being_there(validator, scaffold):
    hooks = (
        "def notices(context):\n"
        "    return ['%s: %s' % (it['direction'], it['name']) for it in context['surroundings']]\n"
    )
    assert validator.problems(revised(scaffold, **{"hooks.py": hooks})) == []


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"prompts/../../x.j2": ""}, "is no path of a scaffold"),
        ({".git/config": ""}, "is no path of a scaffold"),
        ({"memory/a": "", "memory/a/b": ""}, "stands in 'memory/a', which is a file itself"),
        ({"memory/" + "a" * 256: ""}, "255 at most"),
        ({"memory/" + "a/" * 3_000 + "b": ""}, "500 at most"),
        ({"prompts/plan.j2": "{{ seed }}"}, "has no variable 'seed'"),
        ({"hooks.py": "def notices(context):\n    return 3\n"}, "it may return a list of texts"),
        ({"hooks.py": "def notices(:\n"}, "is no valid Python"),
        # Of the first the parser makes a MemoryError, of the second a RecursionError.
        ({"hooks.py": "-" * 60_000 + "1"}, "hooks.py:1: is nested too deep"),
        ({"hooks.py": "x = 1" + "+1" * 5_000}, "hooks.py:1: is nested too deep"),
        ({"hooks.py": "-" * 60_000 + "1"}, "is no valid Python: it is nested too deep"),
    ],
)
def test_what_is_wrong_is_told(validator, scaffold, files, words):
    found = validator.problems(revised(scaffold, **files))
    assert any(words in problem for problem in found), found


def test_the_model_stays_in_charge_of_its_memory(validator, scaffold):
    manifest = scaffold["scaffold.toml"]
    start = manifest.index("operations", manifest.index("[routines.log]"))
    line = manifest[start : manifest.index("\n", start)]
    for operations in ('["SEARCH", "READ"]', "[]"):
        files = {
            **scaffold,
            "scaffold.toml": manifest.replace(line, f"operations = {operations}", 1),
        }
        assert any("in charge of its memory" in problem for problem in validator.problems(files))


def test_what_one_episode_showed_may_not_be_copied(validator, scaffold, parent_run):
    run = RunDirectory(parent_run)
    trace = Trace(run.trace(run.configuration().episodes()[0]))
    shown = "\n".join(turn.observation["observation"] for turn in trace.turns()).split("\n")
    line = next(line for line in shown if len(line.split()) > 8)
    plan = scaffold["prompts/plan.j2"] + line
    (problem,) = validator.problems(revised(scaffold, **{"prompts/plan.j2": plan}))
    assert "what one episode showed" in problem
    assert "seed 0, step" in problem
