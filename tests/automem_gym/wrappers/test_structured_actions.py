from typing import Any

import gymnasium
import pytest
from gymnasium.error import InvalidAction

from automem_gym import AutoMemEnv
from automem_gym.wrappers import StructuredActions


@pytest.fixture
def structured(env: AutoMemEnv) -> Any:
    wrapped = StructuredActions(env)
    wrapped.reset(seed=1)
    return wrapped


def test_a_game_action_and_every_operation(structured: Any) -> None:
    east = {"kind": 0, "action": structured.actions.index("east")}
    assert structured.step(east)[4]["executed_action"] == "east"
    fill = {"action": 0, "file": "a.md", "key": "k", "text": "1"}
    ops = [
        "CREATE",
        "APPEND",
        "UPSERT",
        "SEARCH",
        "COUNT",
        "TAIL",
        "READ",
        "WRITE",
        "LIST",
        "DELETE",
    ]
    assert set(ops) == set(structured.kinds[1:])
    for op in ops:
        *_, info = structured.step({"kind": structured.kinds.index(op), **fill})
        assert info["commands"][0]["ok"], info["commands"]


def test_samples_are_valid(structured: Any) -> None:
    structured.action_space.seed(1)
    for _ in range(50):
        *_, terminated, _, info = structured.step(structured.action_space.sample())
        assert info["invalid_action"] is None
        if terminated:
            structured.reset()


@pytest.mark.parametrize(
    "action",
    [
        {"kind": 99},
        {"kind": -1},
        {"kind": 0},
        {"kind": 0, "action": 99},
        {"kind": 1, "file": "a|b"},
    ],
)
def test_a_bad_dictionary_is_an_error(structured: Any, action: dict[str, Any]) -> None:
    with pytest.raises(InvalidAction):
        structured.step(action)


def test_other_environments_are_refused() -> None:
    with pytest.raises(TypeError, match="needs an env with a list of actions"):
        StructuredActions(gymnasium.make("CartPole-v1"))
