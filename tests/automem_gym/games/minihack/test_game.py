import hashlib
import json
import os
import random
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from automem_gym.game import EpisodeEnd, Frame, Game
from automem_gym.games.minihack.game import MiniHackGame
from automem_gym.games.minihack.tasks import TASKS

DATA = Path(__file__).parents[3] / "data" / "minihack"


def make(task: str) -> MiniHackGame:
    return MiniHackGame(task, levels="generated" if task.startswith("Boxoban") else None)


def play(game: MiniHackGame, seed: int, steps: int) -> list[Frame]:
    """Plays at random, always the same for the same seed."""
    draw = random.Random(seed)
    frames = [game.reset(seed)]
    while len(frames) <= steps and frames[-1].end is None:
        frames.append(game.step(draw.choice(game.actions)))
    return frames


def digest(frames: list[Frame]) -> str:
    return hashlib.sha256(repr(frames).encode()).hexdigest()


def message(frame: Frame) -> str:
    return frame.observation.partition("\n\nlanguage observation:")[0].removeprefix("message:\n")


@pytest.mark.parametrize("row", json.loads((DATA / "first_frames.json").read_text()))
def test_begins_as_the_reference_does(row):
    game = MiniHackGame(row["task"])
    frame = game.reset(row["seed"])
    assert frame.observation == row["observation"]
    assert frame.status == row["status"]
    game.close()


@pytest.mark.parametrize("task", TASKS)
def test_same_seed_and_actions_give_the_same_episode(task):
    game, other = make(task), make(task)
    assert isinstance(game, Game)
    assert (game.default_action, game.actions) == ("north", TASKS[task].actions)
    random.seed(1)
    np.random.seed(1)
    first = digest(play(game, 5, 40))
    assert digest(play(game, 6, 40)) != first
    random.seed(2)
    np.random.seed(2)
    assert digest(play(game, 5, 40)) == first
    assert digest(play(other, 5, 40)) == first
    game.close()
    other.close()


def test_an_episode_is_the_same_in_another_process():
    program = (
        "import runpy, sys; test = runpy.run_path(sys.argv[1]);"
        "[print(test['digest'](test['play'](test['make'](task), 9, 60)))"
        " for task in ('Corridor-R3', 'Boxoban-Medium', 'Quest-Easy')]"
    )
    other = subprocess.run(
        [sys.executable, "-c", program, __file__],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONHASHSEED": "7", "TZ": "Pacific/Auckland"},
    )
    ours = []
    for task in ("Corridor-R3", "Boxoban-Medium", "Quest-Easy"):
        with closing(make(task)) as game:
            ours.append(digest(play(game, 9, 60)))
    assert other.stdout.split() == ours


def test_success_is_seen_with_the_level_still_in_view():
    game = make("MazeWalk-9x9")
    frames = play(game, 12, 100)
    assert frames[-1].end is EpisodeEnd.SOLVED
    assert game.progression == 1.0
    # The last step took no time, which costs 0.01; it is a success all the same.
    assert frames[-1].reward == 0.99
    assert "cursor:\nYourself a " in frames[-1].observation
    assert frames[-1].facts["hp"] > 0
    assert {frame.reward for frame in frames[:-1]} == {0.0, -0.01}
    game.reset(0)
    assert game.progression == 0.0
    game.close()


def test_death_is_seen_with_the_last_map():
    game = make("CorridorBattle-Dark")
    last = play(game, 0, 300)[-1]
    assert last.end is EpisodeEnd.DIED
    assert game.progression == 0.0
    assert message(last).endswith("You die...\nThe game is over: killed by a giant rat.")
    assert "giant rat adjacent" in last.observation
    assert "REST" not in last.observation
    with pytest.raises(RuntimeError, match=r"over \(died\): call reset"):
        game.step("north")
    game.close()


def test_a_punished_end_is_no_success():
    # The board that squeaks is the wrong choice, but MiniHack's status is the one of a success.
    game = MiniHackGame("MiniHack-Memento-Short-F2-v0")
    ends = set()
    for seed in range(12):
        last = play(game, seed, 300)[-1]
        ends.add(last.end)
        assert game.progression == (1.0 if last.end is EpisodeEnd.SOLVED else 0.0)
        assert (last.reward > 0) == (last.end is EpisodeEnd.SOLVED)
    assert {EpisodeEnd.SOLVED, EpisodeEnd.ABORTED} <= ends
    game.close()


def test_messages_on_pages_are_not_lost():
    game = make("Quest-Medium")
    messages = [message(frame) for frame in play(game, 0, 20)]
    expected = "You don't have that object.\nWhat do you want to zap? [j or ?*]"
    assert expected in messages
    messages = [message(frame) for frame in play(game, 7, 20)]
    assert any("You begin praying" in text and "relearn thy lessons" in text for text in messages)
    assert not any("--More--" in text for text in messages)
    game.close()


def test_minihack_does_not_end_an_episode_by_its_own_limit():
    game = make("MazeWalk-9x9")
    game.reset(3)
    assert {game.step("north").end for _ in range(1_300)} == {None}
    game.close()


def test_letters_are_typed_by_the_actions_that_have_them_as_keys():
    game = make("Quest-Easy")
    frame = game.reset(100)
    assert "j - a spiked wand" in frame.observation
    assert "What do you want to zap? [j or ?*]" in message(game.step("zap"))
    assert "In what direction?" in message(game.step("south"))
    assert "j by south" in game.instructions
    with closing(make("MazeWalk-9x9")) as walk:
        assert "j by south" not in walk.instructions
    frame = game.step("east")
    assert frame.reward == 0.0
    game.close()


def test_walls_of_questions_are_kept_from_players_who_cannot_answer():
    game = MiniHackGame("MiniHack-Room-Monster-5x5-v0")
    assert len(game.actions) == 8
    for seed in range(3):
        for frame in play(game, seed, 60):
            assert "[yn]" not in message(frame) or "attack" in message(frame)
    game.close()


@pytest.mark.parametrize("task", ["KeyRoom-S5", "Eat", "Sokoban1a", "WoD-Easy-Restricted"])
def test_every_task_that_minihack_registers_can_be_played(task):
    game = MiniHackGame(task)
    assert len(set(game.actions)) == len(game.actions)
    assert digest(play(game, 4, 50)) == digest(play(game, 4, 50))
    assert task in game.instructions
    assert "{" not in game.instructions
    game.close()


@pytest.mark.parametrize(
    ("arguments", "error", "text"),
    [
        ({"task": "Corridor-R33"}, ValueError, "Did you mean 'Corridor-R3'.*MazeWalk-9x9"),
        ({"task": "MultiRoom-N2"}, ValueError, "minigrid"),
        ({"task": "Corridor-R3", "levels": "generated"}, TypeError, "levels=... is for Boxoban"),
        ({"task": "Corridor-R3", "speed": 2}, TypeError, "these options: speed"),
        ({"task": "Corridor-R3", "max_episode_steps": 2}, TypeError, "step limit"),
        ({"task": "Corridor-R3", "penalty_mode": "lin"}, ValueError, "Did you mean 'linear'"),
        ({"task": "Corridor-R3", "character": "xyz"}, ValueError, "Unknown role"),
    ],
)
def test_wrong_arguments_tell_what_is_allowed(arguments, error, text):
    with pytest.raises(error, match=text):
        MiniHackGame(**arguments)


def test_options_reach_the_library():
    game = MiniHackGame("Quest-Easy", autopickup=False, penalty_step=-0.5, character="val")
    frame = game.reset(1)
    assert "wand" not in frame.status
    assert "Valkyrie" in frame.observation or "valkyrie" in frame.observation
    frame = game.step("zap")
    assert message(frame) == "You don't have anything to zap."
    assert frame.reward == -0.5
    game.close()


def test_distances_can_be_worded_in_steps():
    words, steps = (
        MiniHackGame("MazeWalk-9x9"),
        MiniHackGame("MazeWalk-9x9", distance_style="steps"),
    )
    assert " adjacent " in words.reset(1).observation
    seen = steps.reset(1).observation
    assert " 1 step " in seen
    assert " adjacent " not in seen
    words.close()
    steps.close()


def test_resets_leak_neither_memory_nor_files(monkeypatch, tmp_path):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    game = make("Corridor-R3")
    for seed in range(50):
        game.reset(seed)
    files, memory = open_files(), resident_kib()
    for seed in range(50, 250):
        game.reset(seed)
        game.step("north")
    assert open_files() <= files
    # A process that was not freed would be 3,400 KiB.
    assert resident_kib() - memory < 200 * 20
    game.close()
    game.close()
    assert list(tmp_path.iterdir()) == []


def open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def resident_kib() -> int:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGESIZE") // 1024
