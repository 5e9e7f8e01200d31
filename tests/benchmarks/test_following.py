"""Episodes that were interrupted go on from their recording."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from agents.model import ModelSpec
from benchmarks.episode import Episode
from benchmarks.episode_result import EpisodeResult
from benchmarks.following import EpisodeChangedError
from benchmarks.models.earlier import EARLIER
from benchmarks.rollout import play
from benchmarks.trace import Trace, TraceError
from examples.vault import VaultGame
from tests.benchmarks.recordings import timeless

VAULT = "examples.vault:AutoMem-Vault-v0"
SCRIPTED = ModelSpec("scripted").to_json()
EPISODES = [
    Episode("AutoMem-MiniHack-Corridor-R3-v0", 7, agent="explorer"),
    Episode("AutoMem-Crafter-v0", 7, agent="explorer", max_game_steps=30),
    Episode("AutoMem-NetHack-v0", 7, agent="explorer", max_game_steps=60),
    Episode(VAULT, 9, max_game_steps=30),
    Episode(
        "AutoMem-Crafter-v0",
        9,
        agent="pair",
        models={"specialist": SCRIPTED, "gameplay": SCRIPTED},
        scaffold_source="v0",
        max_game_steps=15,
    ),
]


class Interrupted(Exception):
    """What ends an attempt in these tests."""


def stop_after(turns: int):
    def on_turn(tally):
        if tally.turns == turns:
            raise Interrupted

    return on_turn


def same(result: EpisodeResult, other: EpisodeResult) -> bool:
    """Whether two results are alike, but for what the clock decides and what was followed."""
    one, two = (
        replace(
            found,
            seconds=0,
            followed_steps=0,
            models={role: {**model, "seconds": 0} for role, model in found.models.items()},
        )
        for found in (result, other)
    )
    return one == two


def attempt(episode: Episode, folder: Path, turns: int) -> None:
    with pytest.raises(Interrupted):
        play(episode, folder, stop_after(turns))


@pytest.mark.parametrize("episode", EPISODES, ids=lambda episode: episode.name + episode.agent)
def test_what_is_recorded_is_what_would_have_been(tmp_path, episode):
    calm = play(episode, tmp_path / "calm")
    rough = tmp_path / "rough"
    for turns in (5, 9, 3, 14):  # the third attempt is interrupted while it follows the second
        attempt(episode, rough, turns)
    assert (rough / EARLIER).exists()
    result = play(episode, rough)
    assert timeless(rough / "trace.jsonl") == timeless(tmp_path / "calm" / "trace.jsonl")
    assert 0 < result.followed_steps <= 14
    assert same(result, calm)
    assert not (rough / EARLIER).exists()


def test_an_episode_whose_result_was_lost_is_followed_to_its_end(tmp_path):
    calm = play(EPISODES[3], tmp_path)
    result = play(EPISODES[3], tmp_path)
    assert result.followed_steps == result.game_steps
    assert same(result, calm)


def test_a_recording_of_another_episode_is_not_followed(tmp_path):
    attempt(EPISODES[3], tmp_path, 10)
    assert play(replace(EPISODES[3], max_game_steps=20), tmp_path).followed_steps == 0


def test_a_game_that_has_changed_is_told_and_nothing_is_lost(tmp_path, monkeypatch):
    episode = Episode(VAULT, 9, agent="explorer", max_game_steps=30)
    attempt(episode, tmp_path, 12)
    recorded = (tmp_path / "trace.jsonl").read_bytes()
    step = VaultGame.step

    def other(self, action):
        frame = step(self, action)
        return replace(frame, observation=f"{frame.observation}\nA draught.")

    monkeypatch.setattr(VaultGame, "step", other)
    for _ in range(2):
        with pytest.raises(EpisodeChangedError, match=r"and is 'A draught\.'") as caught:
            play(episode, tmp_path)
        assert str(tmp_path / EARLIER) in str(caught.value)
        assert "in turn 1, line " in str(caught.value)
        assert (tmp_path / EARLIER).read_bytes() == recorded
    monkeypatch.undo()
    assert play(episode, tmp_path).followed_steps > 5


def test_a_reward_that_has_changed_is_told(tmp_path, monkeypatch):
    attempt(EPISODES[3], tmp_path, 12)
    step = VaultGame.step
    monkeypatch.setattr(
        VaultGame, "step", lambda self, action: replace(step(self, action), reward=0.5)
    )
    with pytest.raises(EpisodeChangedError, match=r"reward was .* and is 0\.5"):
        play(EPISODES[3], tmp_path)


def test_a_start_that_has_changed_is_told(tmp_path, monkeypatch):
    attempt(EPISODES[3], tmp_path, 12)
    reset = VaultGame.reset
    monkeypatch.setattr(
        VaultGame, "reset", lambda self, seed: replace(reset(self, seed), status="ill")
    )
    with pytest.raises(EpisodeChangedError, match="at the start, line 1 of status was "):
        play(EPISODES[3], tmp_path)


def test_an_agent_that_decides_anew_goes_its_own_way_from_there(tmp_path):
    episode = Episode(
        VAULT,
        9,
        agent="benchmark_players:Moody",
        agent_args={"mood": str(tmp_path / "mood")},
        max_game_steps=12,
    )
    (tmp_path / "mood").write_text("east")
    attempt(episode, tmp_path, 6)
    (tmp_path / "mood").write_text("east east east west")
    result = play(episode, tmp_path)
    assert (result.followed_steps, result.game_steps) == (3, 12)
    assert result.events == {"left-recording": 1}
    turns = list(Trace(tmp_path / "trace.jsonl").turns())
    assert [turn.action for turn in turns] == ["east"] * 3 + ["west"] * 9
    assert turns[3].events[0].detail == "turn 4: it was 'east', is 'west'"


def test_damage_in_the_recording_is_told_with_its_line(tmp_path):
    attempt(EPISODES[3], tmp_path, 10)
    path = tmp_path / "trace.jsonl"
    lines = path.read_text().splitlines(keepends=True)
    lines[4] = lines[4].replace('"reward":', '"reward":1')
    path.write_text("".join(lines))
    with pytest.raises(TraceError, match=r"^line 5 of .*earlier.*restore it, or remove it"):
        play(EPISODES[3], tmp_path)
    assert (tmp_path / EARLIER).read_text() == "".join(lines)


@pytest.mark.parametrize("tail", [b"", b'{"turn":', b"\0" * 700, b'{"turn":\n\0\0\n'])
def test_what_a_dying_machine_leaves_at_the_end_does_no_harm(tmp_path, tail):
    calm = play(EPISODES[3], tmp_path / "calm")
    attempt(EPISODES[3], tmp_path, 10)
    with (tmp_path / "trace.jsonl").open("ab") as file:
        file.write(tail)
    result = play(EPISODES[3], tmp_path)
    assert result.followed_steps > 0
    assert same(result, calm)


def test_a_result_tells_what_was_timed(tmp_path, automem):
    run = tmp_path / "run"
    words = ("run", "--env", VAULT, "--seeds", 3, "--max-game-steps", 30, "--out", run, "--quiet")
    assert automem(*words) == 0
    (run / "episodes" / VAULT / "3" / "0" / "result.json").unlink()
    assert automem(*words) == 0
    found = json.loads((run / "results.json").read_text())
    (episode,) = found["episodes"]
    assert episode["followed_steps"] == episode["game_steps"]
    assert found["environments"][VAULT]["steps_per_second"] == 0
