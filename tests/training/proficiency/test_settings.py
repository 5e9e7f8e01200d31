"""The settings of loop 2."""

from __future__ import annotations

import tomllib
from dataclasses import replace

import pytest

from agents.model import ModelSpec
from benchmarks import toml
from training.proficiency.opening import check_suites
from training.proficiency.settings import ProficiencySettings
from training.structure.seed_plan import SeedPlan

MODEL = ModelSpec("scripted", "").to_json()
PLAN = SeedPlan((10, 11), (20, 21), (30,))
SETTINGS = ProficiencySettings(("AutoMem-Crafter-v0",), "v0", MODEL, (1, 2), PLAN, max_game_steps=9)


def test_settings_are_the_same_after_they_were_written_down():
    written = tomllib.loads(toml.dumps(SETTINGS.to_toml()))
    assert ProficiencySettings.from_toml(written) == SETTINGS


@pytest.mark.parametrize(
    ("purpose", "seed"), [("screening", 10), ("confirmation", 21), ("report", 30)]
)
def test_a_seed_that_is_learnt_from_measures_nothing(purpose, seed):
    with pytest.raises(ValueError, match=f"seed {seed} is named for training and for {purpose}"):
        replace(SETTINGS, training_seeds=(1, seed))


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"trials": 0}, "--trials is at least 1, not 0"),
        ({"seed": -1}, "--seed is at least 0, not -1"),
        ({"training_seeds": ()}, "--training-seeds: one seed at least"),
        ({"model": {**MODEL, "backend": "messages"}}, "an adapter is trained for a local model"),
        ({"model": {**MODEL, "backend": "local", "name": "x", "adapter": "a"}}, "named without an"),
    ],
)
def test_what_makes_no_sense_is_told(changes, told):
    with pytest.raises(ValueError, match=told):
        replace(SETTINGS, **changes)


def test_a_search_goes_on_with_more_trials_and_seeds():
    more = replace(SETTINGS, trials=9, seeds=SeedPlan((10, 11, 12), (20, 21, 22), (30, 31)))
    assert more.differences(SETTINGS) == []


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"scaffold": "v1"}, "scaffold: 'v0' there, 'v1'"),
        ({"trials": 3}, "trials: 7 there, 3 here"),
        ({"training_seeds": (1, 2, 3)}, "training seeds: what is learnt from stays the same"),
        ({"seeds": SeedPlan((11,), (20, 21), (30,))}, "screening seeds: they may only be added to"),
        ({"seeds": SeedPlan((10, 11), (19, 20, 21), (30,))}, "confirmation seeds: they may only"),
        ({"gate_arg": {"x": 1}}, "gate_arg: {} there, {'x': 1}"),
        ({"max_game_steps": None}, "max_game_steps: 9 there, None"),
    ],
)
def test_what_a_search_cannot_go_on_with_is_told(changes, told):
    found = replace(SETTINGS, **changes).differences(SETTINGS)
    assert len(found) == 1
    assert found[0].startswith(told)


def test_the_specialist_has_the_adapter_and_the_gameplay_model_has_not():
    played = SETTINGS.configuration("adapters/one", (10,))
    assert played.models["specialist"]["adapter"] == "adapters/one"
    assert not played.models["gameplay"].get("adapter")


def test_seeds_on_which_a_suite_measures_are_not_learnt_from():
    check_suites(("AutoMem-Crafter-v0",), (900_001,))
    check_suites(("examples.vault:AutoMem-Vault-v0",), tuple(range(100)))
    with pytest.raises(ValueError, match=r"--training-seeds: seed \d+ is one on which the suite"):
        check_suites(("AutoMem-Crafter-v0",), tuple(range(1_000)))
