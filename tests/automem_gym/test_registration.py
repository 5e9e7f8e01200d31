import pickle
import subprocess
import sys

import gymnasium
import pytest
from gymnasium.utils.env_checker import check_env

import automem_gym
from automem_gym import AutoMemEnv, register_game
from examples.vault import VaultGame

SHIPPED = sorted(name for name in gymnasium.registry if name.startswith("AutoMem-"))


def test_the_papers_games_are_registered() -> None:
    assert {"AutoMem-NetHack-v0", "AutoMem-MiniHack-v0", "AutoMem-Crafter-v0"} <= set(SHIPPED)
    tasks = (
        "Boxoban-Hard Boxoban-Medium MazeWalk-9x9 MazeWalk-15x15 CorridorBattle-Dark Corridor-R3"
    )
    for task in [*tasks.split(), "Quest-Easy", "Quest-Medium"]:
        assert f"AutoMem-MiniHack-{task}-v0" in SHIPPED


def arguments(name: str) -> dict[str, str]:
    """What an id needs to be made."""
    needed = {"task": "Corridor-R3"} if name == "AutoMem-MiniHack-v0" else {}
    return needed | ({"levels": "generated"} if "Boxoban" in name else {})


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("name", [*SHIPPED, "automem_gym:AutoMem-Crafter-v0"])
def test_every_id_passes_gymnasiums_check(name: str) -> None:
    env = gymnasium.make(name, render_mode="ansi", **arguments(name))
    check_env(env.unwrapped)
    assert env.observation_space.contains(env.reset(seed=1)[0])
    env.close()


@pytest.mark.parametrize("name", SHIPPED)
def test_every_id_renders(name: str) -> None:
    for mode in ("ansi", "rgb_array"):
        env = gymnasium.make(name, render_mode=mode, **arguments(name))
        env.reset(seed=1)
        before = env.render()
        for action in env.unwrapped.actions[:4]:
            env.step(action)
        if mode == "ansi":
            assert isinstance(before, str)
            assert before.strip()
        else:
            assert before.ndim == 3
            assert before.dtype == "uint8"
            assert before.any()
        env.close()


def test_human_rendering_prints_the_game(capsys: pytest.CaptureFixture[str]) -> None:
    env = gymnasium.make("AutoMem-Vault-v0", render_mode="human")
    env.reset(seed=1)
    env.step("east")
    env.step("<|LIST|>")
    assert len(capsys.readouterr().out.splitlines()) == 2
    env.close()


def test_an_unknown_id_suggests_the_nearest() -> None:
    with pytest.raises(gymnasium.error.NameNotFound, match="Did you mean: `AutoMem-Crafter`"):
        gymnasium.make("AutoMem-Crafer-v0")


@pytest.mark.parametrize("name", ["", "a b", "-x", "Vault:2"])
def test_a_name_must_fit_into_an_id(name: str) -> None:
    with pytest.raises(ValueError, match="cannot be part of an id"):
        register_game(name, VaultGame)


def test_a_game_may_be_a_class() -> None:
    name = register_game("Small-Vault", VaultGame, max_game_steps=5, rooms=6)
    env = gymnasium.make(name)
    assert isinstance(env.unwrapped, AutoMemEnv)
    assert env.unwrapped.game.rooms == 6
    assert gymnasium.make(name, rooms=8).unwrapped.game.rooms == 8
    assert env.unwrapped.game_name == "Small-Vault"


def test_the_spec_makes_the_same_environment() -> None:
    env = gymnasium.make("AutoMem-Vault-v0", rooms=7)
    again = gymnasium.make(pickle.loads(pickle.dumps(env.spec)))
    assert env.reset(seed=3)[0] == again.reset(seed=3)[0]


def test_a_bare_interpreter_makes_an_environment_by_module() -> None:
    code = (
        "import gymnasium; env = gymnasium.make('automem_gym:AutoMem-Crafter-v0');"
        "print(env.reset(seed=1)[0]['status'].splitlines()[0]); env.close()"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "Your status:\n"
    assert done.stderr == ""


def test_the_version_is_that_of_the_distribution() -> None:
    from importlib.metadata import version

    assert version("automem-gym") == automem_gym.__version__
