from __future__ import annotations

import tomllib

from benchmarks import toml
from training.proficiency.recipe import Recipe
from training.proficiency.selection_settings import SelectionSettings


def test_a_recipe_is_read_back_as_it_was_written():
    recipe = Recipe(
        "t", 'why "so"', SelectionSettings(selector_arg={"found": 2}), selector_source="x\n"
    )
    assert Recipe.from_toml(tomllib.loads(toml.dumps(recipe.to_toml()))) == recipe


def test_no_limit_stays_none():
    """TOML has no None; what is left out would be the default, which is a limit."""
    kept = toml.dumps(Recipe(selection=SelectionSettings(least_score=None)).to_toml())
    assert Recipe.from_toml(tomllib.loads(kept)).selection.least_score is None
