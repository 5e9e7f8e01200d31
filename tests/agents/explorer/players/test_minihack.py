import random

import gymnasium
import pytest

import automem_gym  # noqa: F401  (registers the ids)
from agents import load_agent


def play(task, seed, **options):
    """Plays an episode; gives its progression and the actions that it took."""
    env = gymnasium.make(f"AutoMem-MiniHack-{task}-v0", disable_env_checker=True, **options)
    agent, actions, over = load_agent("explorer"), [], False
    observation, info = env.reset(seed=seed)
    agent.reset(observation, info, seed)
    while not over:
        action = agent.act(observation, info).action
        observation, _, terminated, truncated, info = env.step(action)
        assert info["invalid_action"] is None
        actions.append(info["executed_action"])
        over = terminated or truncated
    env.close()
    return info["progression"], actions


@pytest.mark.parametrize("task", ["MazeWalk-9x9", "Corridor-R3", "CorridorBattle-Dark"])
def test_solves_tasks(task):
    assert sum(play(task, seed)[0] for seed in (1001, 1003, 1004)) >= 2


@pytest.mark.parametrize("task", ["Quest-Easy", "Quest-Medium"])
def test_crosses_the_lava(task):
    progressions, actions = zip(*(play(task, seed) for seed in (1001, 1005, 1006)), strict=True)
    assert sum(progressions) >= 1
    assert any("zap" in taken or "apply" in taken for taken in actions)


def test_pushes_boxes_onto_goals():
    results = [play("Boxoban-Medium", seed, levels="generated")[0] for seed in (1001, 1002, 1003)]
    assert sum(results) >= 2


def test_the_same_seed_gives_the_same_actions():
    assert play("Corridor-R3", 1002) == play("Corridor-R3", 1002)


def test_all_that_it_knows_stands_in_files():
    """A new player in every turn, with its memory kept, plays the same."""
    task, seed = "MazeWalk-9x9", 1007
    env = gymnasium.make(f"AutoMem-MiniHack-{task}-v0", disable_env_checker=True)
    observation, first = env.reset(seed=seed)
    info, actions, over = first, [], False
    while not over:
        agent = load_agent("explorer")
        agent.reset(observation, first, random.randrange(1000))
        action = agent.act(observation, info).action
        observation, _, terminated, truncated, info = env.step(action)
        actions.append(info["executed_action"])
        over = terminated or truncated
    env.close()
    assert actions == play(task, seed)[1]
