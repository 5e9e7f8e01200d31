"""Successive halving, without a search around it."""

from __future__ import annotations

from pathlib import Path

import pytest

from training.proficiency.engines import Halving, TrialLedger
from training.proficiency.trial import Trial

GRID = """
[[recipe]]
title = "a"
selection = {most = 400}
[[recipe]]
title = "b"
[[recipe]]
title = "c"
lora = {rank = 8}
[[recipe]]
title = "d"
"""


@pytest.fixture
def grid(tmp_path) -> str:
    path = tmp_path / "grid.toml"
    path.write_text(GRID)
    return str(path)


def tried(engine: Halving, scores: dict[str, float | None]) -> list[Trial]:
    """All trials until the engine has nothing more; a score of None is a trial that failed."""
    trials: list[Trial] = []
    for number in range(1, 50):
        recipe = engine.propose(TrialLedger(trials, Path(), "", Path(), 0, 50))
        if recipe is None:
            return trials
        score = scores[recipe.title[0]]
        told = {} if score is None else {"own": {"0": score, "1": score}}
        verdict = "failed" if score is None else "turned down"
        trials.append(Trial(number, recipe, verdict, "", scores=told))
    raise AssertionError("it never ends")


def test_the_better_half_is_tried_with_twice_the_data(grid):
    trials = tried(Halving(grid), {"a": 0.1, "b": 0.4, "c": 0.3, "d": 0.2})
    recipes = [trial.recipe for trial in trials]
    assert [recipe.title[0] for recipe in recipes] == [*"abcd", *"bc", "b"]
    assert [recipe.selection.most for recipe in recipes] == [100, *[1000] * 3, *[2000] * 2, 4000]
    assert recipes[0].title == "a (1/4 of the answers)"
    assert recipes[-1].title == "b"
    assert recipes[-1].reason == "rung 3 of 3 of successive halving"
    assert recipes[2].lora.rank == recipes[5].lora.rank == 8


def test_what_failed_comes_last_and_of_equals_the_first(grid):
    trials = tried(Halving(grid), {"a": None, "b": 0.0, "c": 0.0, "d": 0.0})
    assert [trial.recipe.title[0] for trial in trials] == [*"abcd", *"bc", "b"]


def test_where_all_failed_the_first_goes_on(grid):
    trials = tried(Halving(grid), dict.fromkeys("abcd"))
    assert [trial.recipe.title[0] for trial in trials] == [*"abcd", *"ab", "a"]


def test_without_rungs_each_is_tried_once(grid):
    trials = tried(Halving(grid, rungs=0), {"a": 0.1, "b": 0.4, "c": 0.3, "d": 0.2})
    assert [trial.recipe.title for trial in trials] == [*"abcd"]


def test_it_ends_when_one_is_left(grid):
    assert len(tried(Halving(grid, rungs=5), {"a": 0.1, "b": 0.4, "c": 0.3, "d": 0.2})) == 7


def test_the_grid_that_comes_with_it():
    recipe = Halving().propose(TrialLedger((), Path(), "", Path(), 0, 7))
    assert recipe.title.startswith("the default")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "one at least"),
        ("recipe = 3", "a grid has entries"),
        ("recipe = [3]", "a grid has entries"),
        ("[[recipes]]", "a grid has entries"),
        ("[[recipe]]\n[other]", "nothing else"),
        ("[[recipe", "grid.toml: "),
        ("[[recipe]]\n[[recipe]]\ntitel = 'x'", "recipe 2: a recipe has no 'titel'.*'title'"),
        ("[[recipe]]\nselection = {mst = 1}", "a selection has no 'mst'.*'most'"),
        ("[[recipe]]\nselection = {most = 0}", "most is a whole number"),
        ("[[recipe]]\nselection = {log_share = 'x'}", "log_share is a number in"),
        ("[[recipe]]\nselection = {least_score = 'x'}", "least_score is a number"),
        ("[[recipe]]\nselection = 3", "selection is a table"),
        ("[[recipe]]\nlora = [1]", "lora is a table"),
        ("[[recipe]]\nlora = {rank = 0}", "rank is 1 to"),
    ],
)
def test_what_is_no_grid_is_told(tmp_path, text, says):
    path = tmp_path / "grid.toml"
    path.write_text(text)
    with pytest.raises(ValueError, match=says):
        Halving(str(path))


@pytest.mark.parametrize("rungs", [-1, 1.5, True, "2"])
def test_rungs_are_a_whole_number(rungs):
    with pytest.raises(ValueError, match="rungs is a whole number, 0 or more"):
        Halving(rungs=rungs)


def test_a_grid_that_is_not_there(tmp_path):
    with pytest.raises(FileNotFoundError):
        Halving(str(tmp_path / "none.toml"))
