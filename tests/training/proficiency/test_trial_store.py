"""The ledger of trials on disk."""

from __future__ import annotations

from dataclasses import replace

import pytest

from training.proficiency.recipe import Recipe
from training.proficiency.selection_settings import SelectionSettings
from training.proficiency.trial import Trial
from training.proficiency.trial_store import TrialStore

RECIPE = Recipe("strict", "why not", SelectionSettings(least_score=None))


@pytest.fixture
def store(tmp_path):
    return TrialStore(tmp_path)


def trial(number: int, **changes) -> Trial:
    return Trial(number, RECIPE, "kept", "better by 3 points", **changes)


def _save(store, *numbers):
    for number in numbers:
        store.save_recipe(number, RECIPE)
        store.save(trial(number))


def test_trials_are_read_as_they_were_saved_and_in_order(store):
    assert store.trials() == []
    _save(store, 2, 1)
    scores = {"own": {"3": 0.5, "4": 0.25}}
    store.save(replace(trial(2), scores=scores, cost={"usd": 0.5}, confirmation=True))
    first, second = store.trials()
    assert first == trial(1)
    assert (second.scores, second.cost, second.confirmation) == (scores, {"usd": 0.5}, True)
    assert second.score == 0.375
    assert first.score is None


def test_more_than_ten_trials_stay_in_order(store):
    _save(store, *range(1, 13))
    assert [it.number for it in store.trials()] == list(range(1, 13))


def test_what_is_half_done_is_no_trial_and_keeps_its_recipe(store):
    _save(store, 1)
    store.save_recipe(2, RECIPE)
    (store.folder(2) / "selection").mkdir()
    assert [it.number for it in store.trials()] == [1]
    assert store.trial(2) is None
    assert store.recipe(2) == RECIPE
    assert store.recipe(3) is None


def test_trials_behind_one_that_is_missing_do_not_count(store):
    _save(store, 1, 3)
    assert [it.number for it in store.trials()] == [1]


def test_a_search_that_is_over_has_a_trial_without_a_recipe(store):
    store.save(Trial(1, None, "exhausted", "the engine has nothing more to propose"))
    (over,) = store.trials()
    assert over.recipe is None


def test_a_selector_that_was_written_for_a_recipe_stands_in_a_file(store):
    assert store.selector(1, RECIPE) == "criteria"
    path = store.selector(1, replace(RECIPE, selector_source="def judge(turns): ..."))
    assert path.endswith("selector.py")
    assert (store.folder(1) / "selector.py").read_text() == "def judge(turns): ..."


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        "3",
        '{"number": 1}',
        '{"number": 1, "verdict": "kept", "reason": "", "more": 2}',
        '{"number": 2, "verdict": "kept", "reason": "", "recipe": null}',
        '{"number": 1, "verdict": "lost", "reason": "", "recipe": null}',
    ],
)
def test_a_damaged_trial_is_named(store, content):
    _save(store, 1)
    (store.folder(1) / "trial.json").write_text(content)
    with pytest.raises(ValueError, match=r"trials/001/trial\.json is damaged: "):
        store.trials()


@pytest.mark.parametrize(
    "content",
    [b"title = ", b"\xff", b"nope = 1", b"selection = 3", b"lora = 3", b"[lora]\nrank = 'high'\n"],
)
def test_a_damaged_recipe_is_named(store, content):
    _save(store, 1)
    (store.folder(1) / "recipe.toml").write_bytes(content)
    with pytest.raises(ValueError, match=r"trials/001/recipe\.toml is damaged: "):
        store.recipe(1)
    with pytest.raises(ValueError, match=r"is damaged: "):
        store.trials()


def test_a_trial_whose_recipe_is_gone_is_damaged(store):
    _save(store, 1)
    (store.folder(1) / "recipe.toml").unlink()
    with pytest.raises(ValueError, match=r"trials/001/trial\.json is damaged: .*recipe"):
        store.trials()
