"""Memento as the explorer plays it, by its notes."""

import gymnasium
import pytest

import automem_gym  # noqa: F401  (registers the ids)
from agents import load_agent
from automem_gym import MemoryConfig

SEEDS = range(1001, 1009)


def play(task, seeds, carry=False, **options):
    """Plays episodes one after the other; gives how many were solved, and the notes at last."""
    env = gymnasium.make(f"AutoMem-MiniHack-{task}-v0", disable_env_checker=True, **options)
    agent, solved = load_agent("explorer"), 0
    for number, seed in enumerate(seeds):
        keep = {"keep_memory": True} if carry and number else None
        observation, info = env.reset(seed=seed, options=keep)
        agent.reset(observation, info, seed)
        over = False
        while not over:
            observation, _, over, truncated, info = env.step(agent.act(observation, info).action)
            assert info["invalid_action"] is None
            over = over or truncated
        solved += info["progression"]
    notes = env.unwrapped.memory.read("notes.md")
    env.close()
    return solved, notes


@pytest.mark.parametrize("task", ["Memento-F4", "Memento-Short-F2"])
def test_the_sign_at_the_start_is_written_down_and_followed(task):
    solved, notes = play(task, SEEDS)
    assert solved == len(SEEDS)
    assert "\nsign: " in notes


def test_who_finds_traps_without_a_step_keeps_away_from_the_wrong_branch():
    assert play("Memento-Short-F2", [160])[0] == 1


def test_without_its_notes_it_guesses():
    assert play("Memento-F4", SEEDS, memory_span=0)[0] < len(SEEDS) - 2


def test_a_memory_of_sixteen_steps_is_too_short_for_the_long_corridor_only():
    assert play("Memento-F4", SEEDS, memory_span=16)[0] < len(SEEDS) - 2
    assert play("Memento-Short-F2", SEEDS, memory_span=16)[0] == len(SEEDS)


def test_what_nobody_told_is_learned_over_episodes():
    seeds = [seed for _ in range(4) for seed in SEEDS]
    solved, notes = play("Memento-F4-Untold", seeds, carry=True)
    assert solved > play("Memento-F4-Untold", seeds)[0] + len(seeds) // 4
    assert "blue jelly and red mold: 1" in notes
    assert "not" not in notes


@pytest.mark.parametrize("vocabulary", [("READ", "WRITE"), ("READ", "UPSERT")])
def test_few_commands_are_enough(vocabulary):
    memory = MemoryConfig(files={"notes.md": ""}, vocabulary=vocabulary)
    assert play("Memento-Short-F2", SEEDS, carry=True, memory=memory)[0] == len(SEEDS)


def test_notes_of_another_level_do_no_harm():
    played = play("MazeWalk-9x9", SEEDS, carry=True)[0]
    assert played == len(SEEDS)
