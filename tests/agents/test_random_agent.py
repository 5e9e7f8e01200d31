import gymnasium
import pytest

import examples.vault  # noqa: F401  (registers the id)
from agents.random_agent import RandomAgent
from automem_gym import MemoryConfig


def play(agent, seed, steps=200, **options):
    env = gymnasium.make("AutoMem-Vault-v0", **options)
    observation, info = env.reset(seed=1)
    agent.reset(observation, info, seed)
    actions, infos = [], []
    for _ in range(steps):
        actions.append(agent.act(observation, info).action)
        observation, _, terminated, truncated, info = env.step(actions[-1])
        infos.append(info)
        if terminated or truncated:
            break
    env.close()
    return actions, infos


def test_every_turn_holds_a_valid_game_action():
    _, infos = play(RandomAgent(), seed=3)
    assert all(info["executed_action"] and info["invalid_action"] is None for info in infos)


def test_the_seed_decides_everything():
    assert play(RandomAgent(), seed=3)[0] == play(RandomAgent(), seed=3)[0]
    assert play(RandomAgent(), seed=3)[0] != play(RandomAgent(), seed=4)[0]


def test_memory_commands_come_at_the_rate_asked_for_and_are_accepted():
    _, infos = play(RandomAgent(memory_rate=1), seed=3)
    assert all(len(info["commands"]) == 1 for info in infos)
    assert {info["commands"][0]["ok"] for info in infos} == {True}
    assert all(info["commands"] == [] for info in play(RandomAgent(memory_rate=0), seed=3)[1])


def test_only_commands_of_the_vocabulary_are_used():
    memory = MemoryConfig(files={"notes.md": ""}, vocabulary=("APPEND",))
    _, infos = play(RandomAgent(memory_rate=1), seed=3, memory=memory)
    commands = [command["command"] for info in infos for command in info["commands"]]
    assert commands
    assert all("APPEND" in command for command in commands)


@pytest.mark.parametrize("rate", [-0.1, 1.1])
def test_a_rate_outside_0_to_1_is_refused(rate):
    with pytest.raises(ValueError, match=r"\[0, 1\]"):
        RandomAgent(memory_rate=rate)
