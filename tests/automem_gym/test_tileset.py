from __future__ import annotations

import sys

import gymnasium
import pytest
from gymnasium.envs.registration import EnvSpec

from automem_gym.tileset import tileset_of


@pytest.mark.parametrize("env_id", ["AutoMem-Crafter-v0", "automem_gym:AutoMem-Crafter-v0"])
def test_the_tiles_of_a_recorded_game_are_found(env_id):
    tiles = tileset_of(env_id)
    assert tiles["T"].name == "tree"
    assert all(len(character) == 1 for character in tiles)
    assert all(tile.png.startswith(b"\x89PNG") for tile in tiles.values())


@pytest.mark.parametrize(
    "env_id", ["AutoMem-NetHack-v0", "FrozenLake-v1", "AutoMem-Unknown-v0", "", "::", "a:b:c"]
)
def test_others_have_none(env_id):
    assert tileset_of(env_id) == {}


def test_an_environment_of_another_package_has_none(monkeypatch):
    spec = EnvSpec("Other-v0", entry_point="other:Env", kwargs={"game": "pong"})
    monkeypatch.setitem(gymnasium.registry, "Other-v0", spec)
    assert tileset_of("Other-v0") == {}


def test_a_recording_does_not_choose_what_is_imported(tmp_path, monkeypatch):
    (tmp_path / "chosen_by_a_recording.py").write_text("raise SystemExit")
    monkeypatch.syspath_prepend(str(tmp_path))
    assert tileset_of("chosen_by_a_recording:AutoMem-Room-v0") == {}
    assert "chosen_by_a_recording" not in sys.modules
