"""The example game: complete, and taken by everything without another change."""

import re
from typing import Any

import gymnasium
import pytest
from gymnasium.utils.env_checker import check_env

import examples.vault
from agents import load_agent


def solve(env: Any, seed: int) -> dict[str, Any]:
    """Plays with the memory alone: walks east, notes each digit, comes back and dials."""
    seen, info = env.reset(seed=seed)
    while "wall" not in seen["observation"]:
        seen, *_ = env.step("read")
        digit = re.search(r"Digit (\d) of the code is (\d)", seen["observation"])
        note = f"<|UPSERT|>code.md|{digit[1]}|{digit[2]}<|END|>" if digit else ""
        seen, *_ = env.step(f"{note}<|ACTION|>east<|END|>")
    while "door" not in seen["observation"]:
        seen, *_ = env.step("west")
    for place in range(1, 5):
        seen, *_ = env.step(f"<|SEARCH|>code.md|{place}:<|END|>")
        digit = re.search(rf"{place}: (\d)", seen["memory"])
        assert digit
        *_, info = env.step(f"dial {digit[1]}")
    return info


@pytest.mark.parametrize("seed", range(5))
def test_who_notes_the_digits_opens_the_vault(seed: int) -> None:
    env = gymnasium.make("AutoMem-Vault-v0")
    info = solve(env, seed)
    assert (info["episode_end"], info["progression"]) == ("solved", 1.0)
    env.close()


def test_it_is_a_good_environment() -> None:
    env = gymnasium.make("AutoMem-Vault-v0", render_mode="ansi")
    check_env(env.unwrapped)
    env.close()


@pytest.mark.parametrize("name", ["random", "explorer"])
def test_every_agent_plays_it(name: str) -> None:
    env = gymnasium.make("AutoMem-Vault-v0")
    agent = load_agent(name)
    observation, info = env.reset(seed=1)
    agent.reset(observation, info, seed=1)
    while not info["episode_end"]:
        observation, *_, info = env.step(agent.act(observation, info).action)
        assert info["invalid_action"] is None
    assert info["game_step"] <= 200
    env.close()


def test_too_few_rooms() -> None:
    with pytest.raises(ValueError, match="rooms is at least 5, not 4"):
        examples.vault.VaultGame(rooms=4)
