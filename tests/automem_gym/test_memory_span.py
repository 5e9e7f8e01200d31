"""Memories that do not last."""

from __future__ import annotations

import gymnasium
import pytest

from automem_gym import MemoryConfig
from automem_gym.wrappers import MemoryWrapper

NOTE = "<|APPEND|>notes.md|{}<|END|>"
ACT = "<|READ|>notes.md<|END|><|ACTION|>{}<|END|>"


@pytest.fixture
def make():
    opened = []

    def open_env(span, **arguments):
        env = gymnasium.make(
            "examples.vault:AutoMem-Vault-v0",
            memory_span=span,
            disable_env_checker=True,
            **arguments,
        )
        opened.append(env)
        env.reset(seed=9)
        return env

    yield open_env
    for env in opened:
        env.close()


def test_with_a_span_of_zero_nothing_crosses_a_step(make):
    env = make(0)
    seen, *_ = env.step(NOTE.format("one"))
    assert "notes.md (1 line" in seen["files"], "within a game step it is there"
    seen, *_ = env.step("<|READ|>notes.md<|END|>")
    assert "one" in seen["memory"]
    seen, _, _, _, info = env.step(NOTE.format("two") + ACT.format("read"))
    assert seen["memory"] == ""
    assert "notes.md (0 lines" in seen["files"]
    assert "two" in info["commands"][1]["result"], "for records"
    seen, *_ = env.step("<|READ|>notes.md<|END|>")
    assert "one" not in seen["memory"]


def test_what_is_told_beside_the_answers_stays(make):
    env = make(0)
    seen, *_ = env.step("<|READ|>notes.md<|END|><|ACTION|>dance<|END|>")
    assert "'dance' is no valid action" in seen["memory"]


def test_a_span_counts_game_steps_and_not_turns(make):
    env = make(1)
    env.step(NOTE.format("one"))
    for _ in range(3):
        env.step("<|READ|>notes.md<|END|>")
    seen, *_ = env.step(ACT.format("read"))
    assert "one" in seen["memory"]
    seen, *_ = env.step(ACT.format("read"))
    assert "one" in seen["memory"], "it was read before the second step"
    seen, *_ = env.step("<|READ|>notes.md<|END|>")
    assert "one" not in seen["memory"]


def test_each_episode_begins_anew_and_a_scaffolds_memory_is_forgotten_too(make):
    env = make(0)
    env.step(NOTE.format("one"))
    memory = MemoryConfig(files={"rules.md": "stay calm"})
    env.reset(seed=9, options={"memory": memory})
    seen, *_ = env.step("<|WRITE|>rules.md|panic<|END|><|ACTION|>read<|END|>")
    assert env.unwrapped.memory.read("rules.md") == "stay calm\n"
    assert "notes.md" not in seen["files"]


def test_the_default_lasts(make):
    env = make(None)
    env.step(NOTE.format("one") + ACT.format("read"))
    for _ in range(3):
        seen, *_ = env.step(ACT.format("read"))
        assert "one" in seen["memory"]


@pytest.mark.parametrize("span", [-1, 1.5, "2", True])
def test_a_span_that_is_none_is_told(make, span):
    with pytest.raises(ValueError, match="memory_span is a number of game steps"):
        make(span)


def test_the_wrapper_takes_it_too():
    lake = gymnasium.make("FrozenLake-v1", is_slippery=False)
    env = MemoryWrapper(
        lake,
        actions=("left", "down", "right", "up"),
        describe=lambda cell: f"cell {cell}",
        memory=MemoryConfig(files={"notes.md": ""}),
        memory_span=0,
    )
    env.reset(seed=1)
    env.step(NOTE.format("one"))
    seen, *_ = env.step("down")
    assert "(0 lines" in seen["files"]
    env.close()
