import gymnasium
import pytest

from automem_gym import AutoMemEnv, TextSpace
from automem_gym.wrappers import FlattenText


def test_all_parts_become_one_text(env: AutoMemEnv) -> None:
    flat = FlattenText(env)
    text, _ = flat.reset(seed=1)
    assert [line for line in text.splitlines() if line.startswith("[")] == [
        *("[observation]", "[status]", "[memory]", "[files]")
    ]
    assert isinstance(flat.observation_space, TextSpace)
    assert text in flat.observation_space
    assert "[memory]\nLIST: 1 file" in flat.step("<|LIST|>")[0]


def test_parts_can_be_chosen(env: AutoMemEnv) -> None:
    text, _ = FlattenText(env, parts=("files",)).reset(seed=1)
    assert text == "[files]\nnotes.md (0 lines, 0 chars)"


def test_what_is_not_there_is_said(env: AutoMemEnv) -> None:
    with pytest.raises(ValueError, match="no text 'map' in the observation; it has observation"):
        FlattenText(env, parts=("map",))
    with pytest.raises(TypeError, match="joins a Dict of texts"):
        FlattenText(gymnasium.make("CartPole-v1"))
