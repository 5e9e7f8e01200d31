"""Scenes in traces."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

import gymnasium
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.episode import Episode
from benchmarks.rollout import play
from benchmarks.scenery import Scenery, scenery_of
from benchmarks.trace import Recorder, Trace

VAULT = "examples.vault:AutoMem-Vault-v0"


def keys(path: Path) -> set[str]:
    return {key for line in path.read_text().splitlines() for key in json.loads(line)}


@pytest.mark.parametrize(
    ("env_id", "steps", "kind"),
    [
        ("AutoMem-NetHack-v0", 120, "ansi"),
        ("AutoMem-MiniHack-Corridor-R3-v0", 30, "ansi"),
        ("AutoMem-Crafter-v0", 120, "tiles"),
    ],
)
def test_every_scene_is_rebuilt(tmp_path, env_id, steps, kind):
    episode = Episode(env_id, 5, agent="explorer", max_game_steps=steps)
    play(episode, tmp_path)
    trace = Trace(tmp_path / "trace.jsonl")
    env = gymnasium.make(env_id, disable_env_checker=True, max_game_steps=steps)
    env.reset(seed=5)
    draw = env.get_wrapper_attr("scene")
    assert trace.header["scene"]["kind"] == kind
    assert trace.header["scene"]["game"] == env.unwrapped.game_name
    assert trace.header["scene"]["text"] == draw()
    count = 0
    for turn in trace.turns():
        env.step(turn.action)
        assert turn.scene == draw()
        count += 1
    assert count > 10
    env.close()


def test_the_same_episode_gives_the_same_bytes(tmp_path):
    episode = Episode("AutoMem-NetHack-v0", 6, agent="explorer", max_game_steps=80)
    for name in ("one", "two"):
        play(episode, tmp_path / name)
    one, two = ((tmp_path / name / "trace.jsonl").read_bytes() for name in ("one", "two"))
    assert b'"scene"' in one
    assert one == two


def test_scenes_can_be_left_out_and_decide_nothing(tmp_path):
    episode = Episode("AutoMem-Crafter-v0", 6, agent="explorer", max_game_steps=30)
    play(episode, tmp_path / "with")
    play(episode, tmp_path / "without", scenes=False)
    traces = [Trace(tmp_path / name / "trace.jsonl") for name in ("with", "without")]
    assert "scene" not in keys(traces[1].path)
    assert traces[0].header["digest"] == traces[1].header["digest"]
    for one, two in zip(*(trace.turns() for trace in traces), strict=True):
        assert one.scene
        assert two.scene == ""
        assert (one.action, one.observation, one.info) == (two.action, two.observation, two.info)


def test_the_command_leaves_them_out_and_goes_on_with_a_run_that_has_them(automem, tmp_path):
    words = ("run", "--env", "AutoMem-Crafter-v0", "--max-game-steps", 5, "--quiet")
    assert automem(*words, "--seeds", 1, "--out", tmp_path) == 0
    assert automem(*words, "--seeds", "1-2", "--out", tmp_path, "--no-scenes") == 0
    folder = tmp_path / "episodes" / "AutoMem-Crafter-v0"
    recorded = ["scene" in keys(folder / seed / "0" / "trace.jsonl") for seed in "12"]
    assert recorded == [True, False]


def test_a_game_without_scenes_is_recorded_without(tmp_path):
    play(Episode(VAULT, 3, max_game_steps=10), tmp_path)
    assert "scene" not in keys(tmp_path / "trace.jsonl")
    assert {turn.scene for turn in Trace(tmp_path / "trace.jsonl").turns()} == {""}


def test_an_environment_that_knows_nothing_of_scenes_has_none():
    env = gymnasium.make("FrozenLake-v1")
    assert scenery_of(env) is None
    env.close()


def test_scenes_of_a_wrapper_are_those_of_the_wrapper():
    class Painted(gymnasium.Wrapper):
        def scene(self):
            return "painted"

    env = Painted(gymnasium.make("AutoMem-NetHack-v0", disable_env_checker=True))
    env.reset(seed=1)
    scenery = scenery_of(env)
    assert scenery is not None
    assert scenery.hold()() == "painted"
    env.close()


def test_a_scene_that_is_held_shows_the_frame_as_it_was():
    for env_id in ("AutoMem-NetHack-v0", "AutoMem-Crafter-v0"):
        env = gymnasium.make(env_id, disable_env_checker=True)
        _, info = env.reset(seed=1)
        scenery = scenery_of(env)
        assert scenery is not None
        draw = env.get_wrapper_attr("scene")
        held, shown = [scenery.hold()], [draw()]
        for action in info["actions"][:8]:
            env.step(action)
            held.append(scenery.hold())
            shown.append(draw())
        assert len(set(shown)) > 1
        assert [late() for late in held] == shown
        env.close()


LINES = st.text(st.characters(exclude_characters="\n"), max_size=4)
SCENES = st.lists(st.lists(LINES, max_size=5).map("\n".join), min_size=1, max_size=8)


@given(SCENES, st.integers(0, 100))
def test_whatever_is_drawn_is_rebuilt(tmp_path_factory, scenes, before):
    path = tmp_path_factory.mktemp("scenes") / "trace.jsonl"
    drawn = iter([scenes[0]] * (before + 1) + scenes)  # so that some come to a keyframe
    recorder = Recorder(path)
    scenery = Scenery("ansi", lambda: partial(str, next(drawn)))
    recorder.start(Episode(VAULT, 1), {}, {"game": "Any"}, None, scenery=scenery)
    for _ in [None] * before + scenes:
        recorder.turn("x", {}, 0.0, {})
    recorder.close()
    trace = Trace(path)
    assert trace.header["scene"] == {"kind": "ansi", "game": "Any", "text": scenes[0]}
    assert [turn.scene for turn in trace.turns()] == [scenes[0]] * before + scenes
    for line in path.read_text().splitlines()[1:]:
        record = json.loads(line)
        assert isinstance(record.get("scene", ""), str) == bool(record.get("keyframe")) or (
            "scene" not in record
        )
