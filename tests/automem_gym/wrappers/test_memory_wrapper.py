import warnings
from typing import Any

import gymnasium
import pytest
from gymnasium.error import ResetNeeded
from gymnasium.utils.env_checker import check_env

from agents import as_decision, load_agent
from automem_gym import MemoryConfig
from automem_gym.wrappers import FlattenText, MemoryWrapper


class Echo(gymnasium.Env[Any, Any]):
    """A user's own text environment: it says what it was told, and ends at the word 'stop'."""

    def __init__(self, space: Any = None) -> None:
        self.observation_space = space or gymnasium.spaces.Text(100)
        self.action_space = gymnasium.spaces.Text(100)

    def show(self, text: str) -> Any:
        if isinstance(self.observation_space, gymnasium.spaces.Dict):
            return dict.fromkeys(self.observation_space, text)
        return text

    def reset(self, *, seed: int | None = None, options: Any = None) -> tuple[Any, dict[str, Any]]:
        super().reset(seed=seed)
        self.options = options
        return self.show("hello"), {"heard": ""}

    def step(self, action: str) -> tuple[Any, float, bool, bool, dict[str, Any]]:
        return self.show(action), 1.0, action == "stop", False, {"heard": action}


def test_free_text_is_an_action_and_commands_go_to_the_memory() -> None:
    env = MemoryWrapper(Echo())
    env.reset(seed=1)
    seen, reward, *_, info = env.step("open the door")
    assert (seen["observation"], reward, info["heard"]) == ("open the door", 1.0, "open the door")
    seen, reward, terminated, _, info = env.step("<|APPEND|>a|the door is open<|END|>")
    assert (seen["observation"], reward, terminated) == ("open the door", 0.0, False)
    assert seen["memory"] == "APPEND a: added; 1 line now"
    assert (info["heard"], info["game_step"], info["turn"]) == ("open the door", 1, 2)
    assert env.step("<|READ|>a<|END|><|ACTION|>stop<|END|>")[2]
    assert env.memory.read("a") == "the door is open\n"
    env.close()


def test_a_list_of_actions_is_enforced() -> None:
    env = MemoryWrapper(Echo(), actions=("go", "stop"), default_action="go")
    env.reset(seed=1)
    *_, info = env.step("dance")
    assert (info["invalid_action"], info["executed_action"], info["heard"]) == ("dance", "go", "go")
    env.close()


def test_numbers_are_named() -> None:
    lake = gymnasium.make("FrozenLake-v1", is_slippery=False)
    names = ("left", "down", "right", "up")
    env = MemoryWrapper(lake, actions=names, describe=lambda cell: (f"cell {cell}", "cold"))
    env.reset(seed=1)
    cells = [env.step(name)[0]["observation"] for name in ("right", "RIGHT", "left", "down")]
    assert cells == ["cell 1", "cell 2", "cell 1", "cell 5"]
    with pytest.raises(ResetNeeded, match=r"the episode is over \(aborted\)"):
        env.step("<|LIST|>")
    env.close()


def test_numbers_may_begin_anywhere() -> None:
    class Counted(Echo):
        action_space = gymnasium.spaces.Discrete(2, start=5)

        def __init__(self) -> None:
            self.observation_space = gymnasium.spaces.Text(100)

        def step(self, action: Any) -> Any:
            return super().step(str(action))

    env = MemoryWrapper(Counted(), actions=("a", "b"))
    env.reset(seed=1)
    assert [env.step(name)[0]["observation"] for name in ("a", "b")] == ["5", "6"]
    env.close()


@pytest.mark.parametrize("agent", ["random", "explorer"])
def test_agents_play_what_is_wrapped(agent: str) -> None:
    player = load_agent(agent)
    lake = gymnasium.make("FrozenLake-v1")
    names = ("left", "down", "right", "up")
    env = MemoryWrapper(lake, actions=names, describe=str, instructions="Cross the lake.")
    observation, info = env.reset(seed=1)
    assert (info["game"], info["instructions"]) == ("FrozenLakeEnv", "Cross the lake.")
    player.reset(observation, info, seed=1)
    while info["episode_end"] is None:
        observation, *_, info = env.step(as_decision(player.act(observation, info)).action)
        assert info["invalid_action"] is None
        assert info["progression"] == 0.0
    env.close()


def test_infos_of_one_state_share_nothing() -> None:
    class Bag(Echo):
        def step(self, action: str) -> Any:
            *rest, info = super().step(action)
            return *rest, {**info, "bag": ["stone"]}

    env = MemoryWrapper(Bag())
    env.reset(seed=1)
    first, second, third = (env.step(turn)[4] for turn in ("go", "<|LIST|>", "<|LIST|>"))
    assert first["bag"] == second["bag"] == third["bag"]
    assert len({id(info["bag"]) for info in (first, second, third)}) == 3
    env.close()


@pytest.mark.parametrize("seen", [5, ("a",), ("a", 5), None])
def test_a_description_is_two_texts(seen: Any) -> None:
    env = MemoryWrapper(Echo(), describe=lambda _: seen)
    with pytest.raises(TypeError, match=r"describe= returns \(observation, status\)"):
        env.reset(seed=1)
    env.close()


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        (("text",), ("hello", "")),
        (("text", "status"), ("hello", "hello")),
        (("map", "text"), ("map:\nhello\n\ntext:\nhello", "")),
    ],
)
def test_dictionaries_of_texts(keys: tuple[str, ...], expected: tuple[str, str]) -> None:
    space = gymnasium.spaces.Dict({key: gymnasium.spaces.Text(100) for key in keys})
    env = MemoryWrapper(Echo(space))
    seen, _ = env.reset(seed=1)
    assert (seen["observation"], seen["status"]) == expected
    env.close()


def test_options_are_shared_out() -> None:
    inner = Echo()
    env = MemoryWrapper(inner)
    config = MemoryConfig(files={"map.md": "x"})
    seen, _ = env.reset(options={"memory": config, "level": 3})
    assert seen["files"] == "map.md (1 line, 2 chars)"
    assert inner.options == {"level": 3}
    env.close()


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: MemoryWrapper(gymnasium.make("FrozenLake-v1")), ValueError, "needs actions="),
        (
            lambda: MemoryWrapper(gymnasium.make("FrozenLake-v1"), actions=("a", "b", "c", "d")),
            TypeError,
            "pass describe=",
        ),
        (
            lambda: MemoryWrapper(gymnasium.make("Pendulum-v1"), describe=str),
            TypeError,
            "takes text or Discrete actions",
        ),
        (
            lambda: MemoryWrapper(Echo(), actions=("a",), default_action="b"),
            ValueError,
            "default_action 'b' is none of",
        ),
    ],
)
def test_what_cannot_be_wrapped_is_said(make: Any, error: Any, message: str) -> None:
    with pytest.raises(error, match=message):
        make()


def test_step_before_reset() -> None:
    with pytest.raises(ResetNeeded):
        MemoryWrapper(Echo()).step("go")


def test_gymnasiums_check_passes() -> None:
    env = MemoryWrapper(Echo(), actions=("go",))
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        check_env(env, skip_render_check=True)
    # That it is a wrapper is all that there is to say about it.
    (warning,) = caught
    assert "different from the unwrapped version" in str(warning.message)
    assert FlattenText(env).reset(seed=1)[0].startswith("[observation]\nhello")
    env.close()


def test_an_environment_that_renders_text_has_scenes() -> None:
    for mode, kind in (("ansi", "ansi"), (None, None), ("rgb_array", None)):
        lake = gymnasium.make("FrozenLake-v1", render_mode=mode)
        env = MemoryWrapper(lake, actions=("left", "down", "right", "up"), describe=str)
        env.reset(seed=1)
        assert env.scene_kind == kind
        if kind:
            assert FlattenText(env).get_wrapper_attr("scene")() == lake.render()
        else:
            with pytest.raises(ValueError, match="draws no scenes: make it with render_mode"):
                env.scene()
        env.close()


def test_scenes_of_a_wrapped_environment_are_passed_on() -> None:
    env = Echo()
    env.scene_kind, env.scene = "tiles", lambda: "..@"  # type: ignore[attr-defined]
    wrapped = MemoryWrapper(env)
    assert (wrapped.scene_kind, wrapped.scene()) == ("tiles", "..@")
    env.scene_kind = None  # type: ignore[attr-defined]
    assert wrapped.scene_kind is None
