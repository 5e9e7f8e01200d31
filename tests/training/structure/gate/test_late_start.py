from __future__ import annotations

import gymnasium

from agents.agent import as_decision
from training.structure.gate.late_start import LateStart


def test_it_waits_as_long_as_its_seed_says():
    env = gymnasium.make("AutoMem-MiniHack-Corridor-R3-v0")
    waited = set()
    for seed in range(12):
        agent = LateStart("search", most=3)
        observation, info = env.reset(seed=1)
        agent.reset(observation, info, seed)
        turns = [as_decision(agent.act(observation, info)).action for _ in range(4)]
        waited.add(next(n for n in range(4) if turns[n] != "search"))
    env.close()
    assert waited == {0, 1, 2, 3}
