from __future__ import annotations

from typing import Any

import pytest

from benchmarks.episode import Episode
from benchmarks.episode_result import EpisodeResult
from benchmarks.summary import Results, Summary, summarise


def played(*episodes: dict[str, Any]) -> Results:
    """Results of one environment, each from its seed, its repeat and the figures that matter."""
    results = []
    for figures in episodes:
        seed, repeat = figures.pop("seed"), figures.pop("repeat", 0)
        episode = Episode("Env", seed, repeat)
        results.append((episode, EpisodeResult(episode.digest, "Env", seed, repeat, **figures)))
    return results


def summary(*episodes: dict[str, Any]) -> Summary:
    (found,) = summarise(played(*episodes))
    return found


def test_repeats_of_a_seed_are_not_independent() -> None:
    found = summary(
        *(
            {"seed": seed, "repeat": n, "progression": float(seed), "episode_return": 10.0 * seed}
            for seed in (0, 1)
            for n in range(10)
        )
    )
    assert found.episodes == 20
    assert found.progression is not None
    assert found.progression.count == 2
    assert (found.progression.mean, found.progression.standard_error) == (0.5, pytest.approx(0.5))
    # Of two seeds little is known; twenty independent episodes would tell far more.
    assert found.progression.low is not None
    assert found.progression.high is not None
    assert found.progression.high - found.progression.low > 0.75
    assert found.episode_return is not None
    assert found.episode_return.standard_error == pytest.approx(5)


def test_every_seed_counts_the_same_however_often_it_was_played() -> None:
    found = summary(
        {"seed": 1, "game_steps": 10, "turns": 20},
        {"seed": 2, "game_steps": 30, "turns": 40},
        {"seed": 2, "repeat": 1, "game_steps": 50, "turns": 60},
    )
    assert found.progression is None
    assert found.game_steps is not None
    assert found.turns is not None
    assert (found.game_steps.mean, found.turns.mean) == (25, 35)


def test_steps_per_second_are_all_steps_by_all_seconds() -> None:
    found = summary(
        {"seed": 1, "game_steps": 100, "turns": 999, "seconds": 1.0},
        {"seed": 2, "game_steps": 500, "turns": 999, "seconds": 3.0},
    )
    assert found.steps_per_second == 150
    assert summary({"seed": 1, "game_steps": 100, "seconds": 0.0}).steps_per_second == 0


def test_measures_of_the_memory_are_over_seeds_that_have_them() -> None:
    found = summary(
        {"seed": 1, "memory": {"writes_per_search": 1.0, "empty_searches": 0.5}},
        {"seed": 2, "memory": {"writes_per_search": 4.0, "empty_searches": None}},
        {"seed": 2, "repeat": 1, "memory": {"writes_per_search": 6.0}},
        {"seed": 3},
    )
    writes, empty = found.memory["writes_per_search"], found.memory["empty_searches"]
    assert writes is not None
    assert empty is not None
    assert (writes.mean, writes.count, empty.mean, empty.count) == (3, 2, 0.5, 1)
    assert found.memory["growth_per_step"] is None


def test_rates_are_per_hundred_steps_of_all_episodes() -> None:
    found = summary(
        {"seed": 1, "game_steps": 100, "commands": {"APPEND": 4}, "refused": 1},
        {"seed": 2, "game_steps": 300, "commands": {"READ": 2}, "invalid_actions": 8},
    )
    assert found.commands_per_100_steps == {"APPEND": 1, "READ": 0.5}
    assert (found.refused_per_100_steps, found.invalid_per_100_steps) == (0.25, 2)
