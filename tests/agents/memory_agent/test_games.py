"""The agents play every shipped game with its own scaffold."""

import gymnasium
import pytest

from agents.memory_agent import MemoryAgent, PairAgent

IDS = ("AutoMem-Crafter-v0", "AutoMem-NetHack-v0", "AutoMem-MiniHack-MazeWalk-9x9-v0")


@pytest.mark.parametrize("agent_class", [MemoryAgent, PairAgent])
@pytest.mark.parametrize("env_id", IDS)
def test_a_game_is_played_and_logged(kit, env_id, agent_class):
    env = gymnasium.make(env_id)
    actions = [name for name in env.unwrapped.actions if len(name) > 1][:4]
    count = iter(range(100))

    def answer(messages):
        if kit.routine_of(messages) == "plan":
            return f"<|ACTION|>{actions[next(count) % 4]}<|END|>"
        name = next(iter(agent.memory_config(env.unwrapped.game_name).files))
        return f"<|APPEND|>{name}|line {next(count)}<|END|><|DONE|>"

    agent = agent_class({role: kit.FakeModel(answer) for role in agent_class.roles})
    played = kit.play(agent, 4, env=env)
    env.close()
    assert len(played.actions) == 4
    assert len(played.turns) == 7
    assert not {"rejected", "impossible", "uncommitted"} & set(played.names)
    assert sum(text.count("line ") for text in played.files.values()) == 3
    sights = [turn.info_before["surroundings"] for turn in played.turns if turn.decision.calls]
    first = [turn.decision.calls[0].messages[1].text for turn in played.turns]
    for seen, text in zip(sights, first, strict=True):
        for way, (name, steps) in seen.items():
            assert f"{way}: {name}, {steps} step" in text
