from __future__ import annotations

import tomllib

import pytest

from benchmarks import toml
from benchmarks.configuration import Configuration
from benchmarks.task import Task

TWO = (
    Task(("A", "B"), (1, 2), repeats=2, env_arg={"rooms": 9, "name": "x"}),
    Task(("C",), (1,), max_game_steps=7),
)


def test_settings_survive_the_file():
    settings = Configuration(TWO, agent="explorer", suite="mine", agent_arg={"a": [1, "b"]})
    read = Configuration.from_toml(tomllib.loads(toml.dumps(settings.to_toml())))
    assert read == settings
    assert [episode.digest for episode in read.episodes()] == [
        episode.digest for episode in settings.episodes()
    ]
    assert len(settings.episodes()) == 2 * 2 * 2 + 1


def test_settings_of_earlier_versions_are_read():
    old = {"env": ["A"], "seeds": [4, 5], "repeats": 2, "agent": "random", "max_game_steps": 9}
    settings = Configuration.from_toml({**old, "agent_arg": {}, "env_arg": {}, "commit": "x"})
    assert settings == Configuration((Task(("A",), (4, 5), 2, 9),))


def test_an_episode_has_one_place():
    with pytest.raises(ValueError, match="B with seed 2 is named by two tasks"):
        Configuration((*TWO, Task(("B",), (2,), env_arg={"rooms": 8})))


def test_differences_are_told_by_the_names_that_a_person_knows():
    one, two = Configuration(TWO[:1]), Configuration(TWO, agent="explorer")
    told = two.differences(one)
    assert "--agent: random there, explorer here" in told
    assert any("task 2: --seeds" in difference for difference in told)
