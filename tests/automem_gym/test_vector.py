from typing import Any

import gymnasium
import numpy as np
import pytest
from gymnasium.vector import AsyncVectorEnv

import automem_gym
from automem_gym import TextSpace
from automem_gym.shared_text import SharedTexts

NAME = "automem_gym:AutoMem-Crafter-v0"


def episode(mode: str, **kwargs: Any) -> list[Any]:
    """Twelve turns of two environments, memory commands among them."""
    envs = gymnasium.make_vec(NAME, num_envs=2, vectorization_mode=mode, vector_kwargs=kwargs)
    record = [envs.reset(seed=[1, 2])[0]]
    for turn in range(12):
        notes = f"<|APPEND|>notes.md|é☃ turn {turn}\n\nlonger and longer {'x' * turn}<|END|>"
        seen, rewards, _, _, info = envs.step((notes, "Move East") if turn % 2 else ("Do", notes))
        assert list(info["game_step"]) == [(turn + 2) // 2, (turn + 1) // 2]
        record.append((seen, rewards.tolist()))
    assert envs.single_observation_space.contains({key: seen[key][1] for key in seen})
    envs.close()
    return record


def test_processes_see_the_same_texts_as_one_process() -> None:
    alone = episode("sync")
    assert episode("async") == alone
    assert episode("async", shared_memory=False) == alone
    assert episode("async", context="spawn") == alone
    assert len({turn[0]["memory"] for turn in alone[1:]}) == 12


def test_samples_of_the_vector_are_valid_actions() -> None:
    envs = gymnasium.make_vec(NAME, num_envs=2)
    envs.reset(seed=1)
    envs.action_space.seed(1)
    for _ in range(20):
        *_, info = envs.step(envs.action_space.sample())
        assert list(info["invalid_action"]) == [None, None]
    envs.close()


def test_without_a_copy_the_texts_follow_the_workers() -> None:
    envs = AsyncVectorEnv([lambda: gymnasium.make(NAME)] * 2, copy=False)
    first = envs.reset(seed=1)[0]["memory"]
    assert isinstance(first, SharedTexts)
    assert list(first) == ["", ""]
    envs.step(("<|LIST|>", "Do"))
    assert first[0].startswith("LIST: 1 file")
    assert first[1:] == ("",)
    assert len(first) == 2
    with pytest.raises(IndexError):
        first[2]
    envs.close()


def test_a_text_that_does_not_fit_is_an_error_and_not_a_piece_of_itself() -> None:
    import multiprocessing

    from gymnasium.vector.utils import create_shared_memory, write_to_shared_memory

    space = TextSpace(4)
    memory = create_shared_memory(space, n=1, ctx=multiprocessing)
    write_to_shared_memory(space, 0, "☃☃☃☃", memory)
    with pytest.raises(ValueError, match="5 characters"):
        write_to_shared_memory(space, 0, "12345", memory)


def test_ends_of_episodes_reach_the_caller() -> None:
    import examples.vault  # noqa: F401

    envs = gymnasium.make_vec("AutoMem-Vault-v0", num_envs=2, vectorization_mode="async")
    envs.reset(seed=[3, 3])
    ended = np.zeros(2, bool)
    for digit in range(10):
        *_, terminated, _, info = envs.step(("east", f"dial {digit}"))
        ended |= terminated
        if terminated[1]:
            assert info["episode_end"][1] == "died"
            break
    assert ended.tolist() == [False, True]
    envs.close()
    assert automem_gym.EpisodeEnd("died")
