from __future__ import annotations

from typing import Any

import gymnasium
import pytest
from gymnasium.error import ResetNeeded

from automem_gym import AutoMemEnv, Frame, Scenic
from automem_gym.wrappers import DiscreteGame, FlattenText, StructuredActions


class Counter:
    """A game of one action, which shows how often it was done."""

    actions = ("wait",)
    default_action = "wait"
    instructions = ""
    progression = 0.0
    scene_kind = "ansi"

    def __init__(self) -> None:
        self.count = 0

    def reset(self, seed: int) -> Frame:
        self.count = 0
        return Frame("start")

    def step(self, action: str) -> Frame:
        self.count += 1
        return Frame("step")

    def scene(self) -> str:
        return f"\x1b[31m{self.count}\x1b[0m"

    def render(self, mode: str) -> Any:
        return ""

    def close(self) -> None:
        pass


@pytest.mark.parametrize("wrapper", [FlattenText, StructuredActions, DiscreteGame])
def test_scenes_are_seen_through_wrappers(wrapper):
    env = wrapper(AutoMemEnv(Counter))
    assert env.get_wrapper_attr("scene_kind") == "ansi"
    env.reset(seed=1)
    assert env.get_wrapper_attr("scene")() == "\x1b[31m0\x1b[0m"
    env.unwrapped.step("wait")
    assert env.get_wrapper_attr("scene")() == "\x1b[31m1\x1b[0m"
    env.close()


def test_a_game_may_draw_no_scenes(env):
    assert not isinstance(env.game, Scenic)
    assert env.scene_kind is None
    env.reset(seed=1)
    with pytest.raises(ValueError, match="Vault draws no scenes"):
        env.scene()


def test_before_an_episode_there_is_nothing_to_draw():
    env = AutoMemEnv(Counter)
    with pytest.raises(ResetNeeded, match="call reset"):
        env.scene()
    env.close()


@pytest.mark.parametrize(
    ("env_id", "kind", "size"),
    [
        ("AutoMem-NetHack-v0", "ansi", 24),
        ("AutoMem-MiniHack-Corridor-R3-v0", "ansi", 24),
        ("AutoMem-Crafter-v0", "tiles", 7),
    ],
)
def test_the_games_of_the_package_draw_scenes(env_id, kind, size):
    env = gymnasium.make(env_id, disable_env_checker=True)
    env.reset(seed=4)
    assert env.get_wrapper_attr("scene_kind") == kind
    first = env.get_wrapper_attr("scene")()
    assert first.count("\n") == size - 1
    env.step("<|APPEND|>notes.md|a line<|END|>")
    assert env.get_wrapper_attr("scene")() == first
    env.reset(seed=5)
    assert env.get_wrapper_attr("scene")() != first
    env.reset(seed=4)
    assert env.get_wrapper_attr("scene")() == first
    env.close()
