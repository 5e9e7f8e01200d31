import random
from pathlib import Path
from typing import Any

import gymnasium
import pytest
from gymnasium.error import ClosedEnvironmentError, ResetNeeded
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from automem_gym import AutoMemEnv, GameAction, MemoryAction, MemoryConfig
from memory_fs import MemoryInUseError

PIECES = [
    "<|READ|>",
    "notes.md",
    "<|END|>",
    "<|ACTION|>",
    "east",
    "|",
    "<|APPEND|>",
    "<think>",
    "\x00",
]


def test_a_memory_turn_does_not_advance_the_game(env: AutoMemEnv) -> None:
    first, _ = env.reset(seed=3)
    seen, reward, terminated, truncated, info = env.step("<|APPEND|>notes.md|hello<|END|>")
    assert seen["observation"] == first["observation"]
    assert seen["memory"] == "APPEND notes.md: added; 1 line now"
    assert seen["files"] == "notes.md (1 line, 6 chars, turn 1)"
    assert (reward, terminated, truncated) == (0.0, False, False)
    assert (info["turn"], info["game_step"], info["executed_action"]) == (1, 0, None)
    assert info["commands"] == [
        {"command": "<|APPEND|>notes.md|hello<|END|>", "ok": True, "result": "added; 1 line now"}
    ]


def test_commands_run_in_order_up_to_the_action(env: AutoMemEnv) -> None:
    env.reset(seed=3)
    seen, *_, info = env.step(
        "<|APPEND|>a|x<|END|><|COUNT|>a|x<|END|><|ACTION|>east<|END|><|DELETE|>a<|END|>"
    )
    assert [command["result"] for command in info["commands"]] == ["added; 1 line now", "1 match"]
    assert info["executed_action"] == "east"
    assert "1 commands after ACTION were refused" in seen["memory"]
    assert env.memory.read("a") == "x\n"


@pytest.mark.parametrize("action", ["fly", "<|ACTION|>fly<|END|>", GameAction("fly"), "", "\x00"])
def test_an_invalid_action_becomes_the_default(env: AutoMemEnv, action: Any) -> None:
    env.reset(seed=3)
    seen, *_, info = env.step(action)
    assert info["executed_action"] == env.game.default_action
    assert info["invalid_action"] is not None
    assert info["game_step"] == 1
    assert "was executed in its place" in seen["memory"]
    assert "was executed" not in seen["observation"]


def test_a_broken_command_is_a_result_and_no_action(env: AutoMemEnv) -> None:
    env.reset(seed=3)
    seen, *_, info = env.step("<|WRITE|>notes.md<|END|>")
    assert "refused: a field is missing" in seen["memory"]
    assert info["executed_action"] is None


def test_after_too_many_turns_the_default_is_executed() -> None:
    env = gymnasium.make("AutoMem-Vault-v0", max_turns_per_game_step=3).unwrapped
    env.reset(seed=3)
    executed = [env.step("<|LIST|>")[4]["executed_action"] for _ in range(6)]
    assert executed == [None, None, "read", None, None, "read"]
    env.close()


def test_the_step_limit_counts_game_steps() -> None:
    env = gymnasium.make("AutoMem-Vault-v0", max_game_steps=2).unwrapped
    env.reset(seed=3)
    assert not any(env.step("<|LIST|>")[3] for _ in range(5))
    assert env.step("east")[2:4] == (False, False)
    *_, terminated, truncated, info = env.step("east")
    assert (terminated, truncated, info["episode_end"]) == (False, True, "step limit")
    env.close()


def test_death_terminates(env: AutoMemEnv) -> None:
    env.reset(seed=3)
    ends = []
    for digit in (0, 0, 0, 1, 1, 1):
        *_, terminated, truncated, info = env.step(f"dial {digit}")
        ends.append(info["episode_end"])
        if terminated:
            break
    assert ends[-1] == "died"
    assert not truncated
    with pytest.raises(ResetNeeded, match=r"the episode is over \(died\)"):
        env.step("east")
    env.reset()
    env.step("east")


def test_step_before_reset(env: AutoMemEnv) -> None:
    with pytest.raises(ResetNeeded, match="there is no episode yet"):
        env.step("east")


@pytest.mark.parametrize("action", [3, None, b"east"])
def test_an_action_of_another_type_is_an_error_and_loses_nothing(env: Any, action: Any) -> None:
    env.reset(seed=3)
    with pytest.raises(TypeError, match="an action is text"):
        env.step(action)
    assert env.step("east")[4]["turn"] == 1


def play(env: AutoMemEnv, seed: int | None, choices: random.Random) -> list[Any]:
    observation, info = env.reset(seed=seed)
    record = [(observation, info)]
    for _ in range(40):
        observation, reward, *_, info = env.step(choices.choice(("west", "east", "read")))
        record.append((observation, reward, info))
    return record


def test_the_same_seed_and_actions_give_the_same_episode(env: AutoMemEnv) -> None:
    assert play(env, 5, random.Random(0)) == play(env, 5, random.Random(0))
    assert play(env, 5, random.Random(0)) != play(env, 6, random.Random(0))


def test_unseeded_resets_differ_and_follow_from_the_last_seed(env: AutoMemEnv) -> None:
    def three() -> list[Any]:
        return [play(env, seed, random.Random(0)) for seed in (5, None, None)]

    first = three()
    assert first[1] != first[2]
    assert first == three()


def test_seeds_that_no_engine_takes(env: AutoMemEnv) -> None:
    with pytest.raises(ValueError, match=r"a seed is below 2\*\*63"):
        env.reset(seed=2**63)
    for seed in (-1, 1.5, "a"):
        with pytest.raises(gymnasium.error.Error, match="Seed must be"):
            env.reset(seed=seed)  # type: ignore[arg-type]
    env.reset(seed=2**63 - 1)


def test_memory_is_emptied_at_reset_unless_it_is_kept(env: AutoMemEnv) -> None:
    env.reset(seed=1)
    env.step("<|APPEND|>a|x<|END|>")
    assert "a (1 line" in env.reset(seed=1, options={"keep_memory": True})[0]["files"]
    assert "a (1 line" not in env.reset(seed=1)[0]["files"]


def test_a_configuration_can_come_with_reset(env: AutoMemEnv) -> None:
    config = MemoryConfig(files={"map.md": "north is up"}, vocabulary=("READ",))
    seen, info = env.reset(seed=1, options={"memory": config})
    assert seen["files"] == "map.md (1 line, 12 chars)"
    assert info["vocabulary"] == ("READ",)
    assert "not in the vocabulary" in env.step("<|APPEND|>map.md|x<|END|>")[0]["memory"]
    assert env.reset(seed=1)[0]["files"] == "map.md (1 line, 12 chars)"


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"keep": True}, ValueError, r"Unknown reset option 'keep'\. Known: memory, keep"),
        ({"keep_memory": 1}, TypeError, "True or False"),
        ({"memory": {}}, TypeError, "is a MemoryConfig, not dict"),
        ({"memory": MemoryConfig(), "keep_memory": True}, ValueError, "keep_memory keeps"),
    ],
)
def test_bad_options(env: AutoMemEnv, options: Any, error: Any, message: str) -> None:
    env.reset(seed=1)
    env.step("<|APPEND|>a|x<|END|>")
    with pytest.raises(error, match=message):
        env.reset(seed=1, options=options)
    assert env.memory.read("a") == "x\n"


@pytest.mark.parametrize(
    ("kwargs", "message"),
    [
        ({"render_mode": "pixels"}, "none of ansi, human, rgb_array"),
        ({"max_game_steps": 0}, "max_game_steps is a whole number from 1"),
        ({"max_turns_per_game_step": 0}, "max_turns_per_game_step is a whole number from 1"),
        ({"game": "nowhere"}, "'module:Name'"),
        ({"max_game_steps": 10.5}, "max_game_steps is a whole number from 1"),
        ({"max_turns_per_game_step": "x"}, "max_turns_per_game_step is a whole number"),
        ({"max_game_steps": "5"}, "max_game_steps is a whole number from 1"),
    ],
)
def test_bad_arguments(kwargs: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        AutoMemEnv(**{"game": "examples.vault:VaultGame", **kwargs})


def test_memory_actions_and_text_do_the_same(env: AutoMemEnv) -> None:
    command = MemoryAction("UPSERT", "map.md", "a sign", key="room 2")
    env.reset(seed=1)
    first = env.step(command)
    env.reset(seed=1)
    assert env.step(str(command)) == first


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.one_of(st.text(), st.lists(st.sampled_from(PIECES)).map("".join)))
def test_any_text_is_a_turn(env: AutoMemEnv, text: str) -> None:
    env.reset(seed=3)
    seen, *_ = env.step(text)
    assert env.observation_space.contains(seen)


@pytest.mark.parametrize(
    "text",
    [
        "x" * 10_000_000,
        "<|READ|>" * 1_250_000,
        "<|WRITE|>notes.md|" + "x" * 9_000_000 + "<|END|>",
        "<|LIST|>" * 100_000,
        "<|APPEND|>notes.md|\ud800<|END|>",
        "<|APPEND|>notes.md|" + "y" * 300_000 + "<|END|>",
    ],
)
def test_monstrous_text_is_answered_and_the_episode_goes_on(env: AutoMemEnv, text: str) -> None:
    env.reset(seed=3)
    seen, *_ = env.step(text)
    assert env.observation_space.contains(seen)
    assert seen["memory"]
    assert env.memory.read("notes.md") == ""
    assert env.step("east")[4]["executed_action"] == "east"


def test_the_first_info_tells_what_a_player_must_know(env: AutoMemEnv) -> None:
    _, info = env.reset(seed=1)
    assert info["game"] == "Vault"
    assert info["actions"] == env.actions
    assert "vault door" in info["instructions"]
    assert info["default_action"] in info["actions"]
    assert "SEARCH" in info["vocabulary"]


def test_a_refused_memory_leaves_the_old_one(env: AutoMemEnv) -> None:
    env.reset(seed=1)
    with pytest.raises(ValueError, match="initial file"):
        env.reset(seed=1, options={"memory": MemoryConfig(files={"../a": "x"})})
    env.reset(seed=1)
    assert env.step("<|APPEND|>a|x<|END|>")[4]["commands"][0]["ok"]


def test_what_can_be_said_changes_with_the_memory(env: AutoMemEnv) -> None:
    env.reset(seed=1, options={"memory": MemoryConfig(files={"p.md": ""}, vocabulary=("READ",))})
    env.action_space.seed(1)
    samples = {env.action_space.sample() for _ in range(200)}
    assert samples == {*env.actions, "<|READ|>p.md<|END|>"}


def test_a_closed_environment_says_so(env: AutoMemEnv) -> None:
    env.reset(seed=1)
    root = env.memory.root
    env.close()
    env.close()
    assert not root.exists()
    for call in (env.reset, lambda: env.step("east"), lambda: env.step("<|LIST|>")):
        with pytest.raises(ClosedEnvironmentError, match="is closed: make a new one"):
            call()


def test_commands_carry_turn_and_place(env: AutoMemEnv) -> None:
    env.reset(seed=1)
    env.step("east")
    env.step("<|APPEND|>a|x<|END|><|READ|>a<|END|><|APPEND|>a|y<|END|>")
    stamps = [(change.turn, change.command) for change in env.memory.journal if change.file == "a"]
    assert stamps == [(2, 0), (2, 2)]


def test_the_defaults_are_those_of_the_contract(env: AutoMemEnv) -> None:
    env.reset(seed=1)
    executed = [env.step("<|LIST|>")[4]["executed_action"] for _ in range(32)]
    assert executed == [None] * 31 + ["read"]
    seen, *_, info = env.step("<|LIST|>" * 150)
    assert len(info["commands"]) == 100
    assert "50 commands were refused: 100 a turn" in seen["memory"]


def test_infos_of_one_state_share_nothing() -> None:
    env = gymnasium.make("automem_gym:AutoMem-Crafter-v0").unwrapped
    env.reset(seed=1)
    infos = [env.step(turn)[4] for turn in ("Noop", "<|LIST|>", "<|LIST|>")]
    for key in ("inventory", "surroundings", "commands"):
        assert len({id(info[key]) for info in infos}) == 3
    assert infos[0]["inventory"] == infos[1]["inventory"]
    env.close()


def test_a_root_of_ones_own_outlives_the_environment(tmp_path: Path) -> None:
    def session(keep: bool) -> dict[str, str]:
        memory = MemoryConfig(files={"notes.md": "first"}, root=tmp_path / "memory")
        env = gymnasium.make("AutoMem-Vault-v0", memory=memory).unwrapped
        env.reset(seed=1, options={"keep_memory": keep})
        env.step("<|APPEND|>notes.md|more<|END|>")
        files = {entry.name: env.memory.read(entry.name) for entry in env.memory.files()}
        env.close()
        return files

    assert session(keep=True) == {"notes.md": "first\nmore\n"}
    assert session(keep=True) == {"notes.md": "first\nmore\nmore\n"}
    assert session(keep=False) == {"notes.md": "first\nmore\n"}


def test_two_environments_cannot_have_one_root(tmp_path: Path) -> None:
    memory = MemoryConfig(root=tmp_path / "memory")
    env = gymnasium.make("AutoMem-Vault-v0", memory=memory)
    with pytest.raises(MemoryInUseError, match="is in use by process"):
        gymnasium.make("AutoMem-Vault-v0", memory=memory)
    env.close()
    gymnasium.make("AutoMem-Vault-v0", memory=memory).close()


@pytest.mark.parametrize(("durability", "forced"), [("process", 0), ("turn", 1), ("operation", 3)])
def test_what_a_turn_wrote_is_forced_out_when_it_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, durability: Any, forced: int
) -> None:
    memory = MemoryConfig(root=tmp_path / "memory", durability=durability)
    env = gymnasium.make("AutoMem-Vault-v0", memory=memory).unwrapped
    env.reset(seed=1)
    calls = []
    monkeypatch.setattr("os.fsync", calls.append)
    env.step("<|APPEND|>a|1<|END|><|APPEND|>a|2<|END|><|APPEND|>a|3<|END|><|ACTION|>east<|END|>")
    assert len(calls) == forced
    env.step("<|READ|>a<|END|><|ACTION|>east<|END|>")
    assert len(calls) == forced
    env.close()
