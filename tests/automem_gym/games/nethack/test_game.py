import hashlib
import json
import os
import random
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import gymnasium
import pytest

import automem_gym  # noqa: F401  (registers the ids)
from automem_gym.game import EpisodeEnd, Frame, Game
from automem_gym.games.nethack.game import NetHackGame

DATA = Path(__file__).parents[3] / "data" / "nethack"

# Enough to walk, fall, fight, open menus, kick, and die of it.
ACTIONS = [
    *("north", "east", "south", "west", "northeast", "southeast", "southwest", "northwest") * 2,
    *("far east", "far west", "far north", "far south", "search", "kick"),
    *("down", "down", "down", "inventory", "esc"),
]


@pytest.fixture(scope="module")
def game() -> Iterator[NetHackGame]:
    made = NetHackGame()
    yield made
    made.close()


def play(game: NetHackGame, seed: int, steps: int) -> list[Frame]:
    """Plays at random, always the same for the same seed."""
    draw = random.Random(seed)
    frames = [game.reset(seed)]
    while len(frames) <= steps and frames[-1].end is None:
        frames.append(game.step(draw.choice(ACTIONS)))
    return frames


def digest(frames: list[Frame]) -> str:
    return hashlib.sha256(repr(frames).encode()).hexdigest()


def message(frame: Frame) -> str:
    return frame.observation.partition("\n\nlanguage observation:")[0].removeprefix("message:\n")


def test_is_a_game(game):
    assert isinstance(game, Game)
    assert game.default_action == "esc"
    assert game.default_action in game.actions
    assert len(set(game.actions)) == len(game.actions)


@pytest.mark.parametrize("row", json.loads((DATA / "first_frames.json").read_text()))
def test_begins_as_the_reference_does(game, row):
    frame = game.reset(row["seed"])
    assert frame.observation == row["observation"]
    assert frame.status == row["status"]
    assert (frame.reward, frame.end) == (0.0, None)


def test_same_seed_and_actions_give_the_same_episode(game):
    with closing(NetHackGame()) as other:
        assert digest(play(game, 19, 150)) == digest(play(other, 19, 150))
    assert digest(play(game, 0, 50)) != digest(play(game, 1, 50))


def test_an_episode_is_the_same_in_another_process(game):
    program = (
        "import runpy, sys; test = runpy.run_path(sys.argv[1]);"
        "print(test['digest'](test['play'](test['NetHackGame'](), 37, 120)))"
    )
    # Another hash seed and another place on earth: neither may matter.
    surroundings = {**os.environ, "PYTHONHASHSEED": "7", "TZ": "Pacific/Auckland"}
    other = subprocess.run(
        [sys.executable, "-c", program, __file__],
        capture_output=True,
        text=True,
        check=True,
        env=surroundings,
    )
    assert other.stdout.strip() == digest(play(game, 37, 120))


def test_an_episode_does_not_depend_on_those_before_it(game):
    first = digest(play(game, 19, 150))
    play(game, 41, 100)
    assert digest(play(game, 19, 150)) == first


def test_death(game):
    *_, before, last = play(game, 19, 150)
    assert before.end is None
    assert last.end is EpisodeEnd.DIED
    assert not last.end.truncated
    assert last.reward == 0.0
    assert message(last).endswith("You die...\nThe game is over: killed by a jackal.")
    assert "--More--" not in last.observation
    # The last map, not the tombstone, which shows the year.
    assert "REST" not in last.observation
    assert f"T:{last.facts['game_time']}" in last.observation
    assert last.facts["hp"] == 0
    assert last.facts["max_hp"] == before.facts["max_hp"]
    assert last.status == before.status


def test_leaving_the_dungeon_is_not_a_death(game):
    game.reset(3)
    game.step("up")
    assert game.step("y").end is EpisodeEnd.ABORTED


def test_progression_is_the_best_level_so_far(game):
    deepest = 0.0
    frames = play(game, 37, 10)
    assert [frame.facts["dungeon_level"] for frame in frames[-2:]] == [1, 3]
    assert game.progression == pytest.approx(0.017539535798967013)  # Dlvl:3
    for _ in range(50):
        game.step("search")
        assert game.progression >= deepest
        deepest = game.progression
    game.reset(37)
    assert game.progression == 0.0


def test_rewards_add_up_to_the_score(game):
    frames = play(game, 6, 290)
    assert frames[-1].facts["score"] > 0
    assert sum(frame.reward for frame in frames) == frames[-1].facts["score"]


def test_facts_are_plain_numbers(game):
    for frame in play(game, 37, 12):
        assert json.loads(json.dumps(frame.facts)) == frame.facts
        assert all(type(value) is int for value in frame.facts.values())
    assert {
        "game_time",
        "dungeon_level",
        "experience_level",
        "hp",
        "max_hp",
        "score",
        "x",
        "y",
    } <= set(frame.facts)


def test_surroundings_tell_what_lies_around(game):
    frame = game.reset(3)
    assert frame.surroundings is not None
    assert frame.surroundings["northeast"] == ("tame little dog", 1)


def test_time_that_stands_still_ends_the_episode_after_150_steps(game):
    game.reset(1)
    for _ in range(149):
        assert game.step("esc").end is None
    last = game.step("esc")
    assert last.end is EpisodeEnd.NO_PROGRESS
    assert last.end.truncated


def test_a_step_that_takes_time_begins_the_count_anew():
    # Not a character whose speed gives it two moves in one turn.
    game = NetHackGame(character="val-hum-neu-fem", no_progress=5)
    game.reset(1)
    for _ in range(4):
        for _ in range(4):
            assert game.step("esc").end is None
        assert game.step("search").end is None
    ends = [game.step("esc").end for _ in range(5)]
    assert ends == [None] * 4 + [EpisodeEnd.NO_PROGRESS]
    assert "5 actions" in game.instructions
    game.close()


def test_pages_that_turn_themselves_are_those_that_the_player_would_turn(game):
    by_hand = NetHackGame(skip_more=False)
    draw = random.Random(19)
    quick, slow = game.reset(19), by_hand.reset(19)
    turned = 0
    while quick.end is None:
        action = draw.choice(ACTIONS)
        quick, slow = game.step(action), by_hand.step(action)
        messages = [message(slow)]
        while messages[-1].endswith("--More--") and slow.end is None:
            slow = by_hand.step("more")
            messages.append(message(slow))
            turned += 1
        assert message(quick) == "\n".join(text.removesuffix("--More--") for text in messages)
        assert quick.observation.endswith(slow.observation[len(f"message:\n{message(slow)}") :])
        assert (quick.status, quick.end, quick.facts) == (slow.status, slow.end, slow.facts)
    assert turned == 3
    by_hand.close()


def test_actions_that_the_reference_rejects_work(game):
    game.reset(3)
    assert "The Dungeons of Doom" in message(game.step("overview"))
    game.step("esc")
    assert "Where do you want to travel to?" in message(game.step("travel"))
    game.step("esc")
    assert "What do you want to call this dungeon level?" in message(game.step("annotate"))
    game.step("minus")
    assert message(game.step("apos")).endswith("-'")
    game.step("esc")  # clears the line
    game.step("esc")  # leaves it
    assert "You don't know that spell." in message(game.step("teleport"))


def test_letters_differ_by_case(game):
    start = game.reset(3).facts
    assert game.step("H").facts["x"] < start["x"] - 1
    game.reset(3)
    assert game.step("h").facts["x"] == start["x"] - 1


def test_wrong_calls_tell_what_to_do(game):
    game.reset(3)
    with pytest.raises(ValueError, match=r"Unknown action 'North'\. Did you mean 'north'\?"):
        game.step("North")
    game.step("up")
    game.step("y")
    with pytest.raises(RuntimeError, match=r"over \(aborted\): call reset"):
        game.step("north")
    fresh = NetHackGame()
    with pytest.raises(RuntimeError, match="call reset"):
        fresh.step("north")
    fresh.close()
    for call in (lambda: fresh.step("north"), lambda: fresh.reset(1)):
        with pytest.raises(RuntimeError, match="The game is closed"):
            call()
    with pytest.raises(ValueError, match="Unknown role"):
        NetHackGame(character="xyz")


def test_a_character_can_be_chosen():
    game = NetHackGame(character="val-hum-neu-fem")
    assert "You are a neutral human Valkyrie" in game.reset(5).observation
    game.close()


def test_distances_can_be_worded_in_steps():
    env = gymnasium.make("AutoMem-NetHack-v0", distance_style="steps")
    assert "tame little dog 1 step northeast" in env.reset(seed=3)[0]["observation"]
    seen = env.step("search")[0]["observation"]
    assert re.search(r" \d+(-\d+|\+)? steps? ", seen)
    assert not re.search(r" (adjacent|near|far) ", seen)
    env.close()


@pytest.mark.parametrize("name", ["AutoMem-NetHack-v0", "AutoMem-MiniHack-Corridor-R3-v0"])
def test_a_wrong_style_of_distances_is_told_before_a_process_starts(name, monkeypatch, tmp_path):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with pytest.raises(ValueError, match=r"distance_style is 'step', .* Did you mean 'steps'"):
        gymnasium.make(name, distance_style="step")
    assert list(tmp_path.iterdir()) == []


def test_instructions_name_every_command_and_hold_no_gaps(game):
    assert all(f"\n{name}: " in game.instructions for name in ("north", "zap", "annotate"))
    assert "{" not in game.instructions


def open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def resident_kib() -> int:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGESIZE") // 1024


def test_resets_leak_neither_memory_nor_files(game):
    for seed in range(100):
        game.reset(seed)
    files, memory = open_files(), resident_kib()
    for seed in range(100, 400):
        game.reset(seed)
        game.step("search")
    assert open_files() <= files
    # A process that was not freed would be 3,400 KiB.
    assert resident_kib() - memory < 300 * 20


def test_many_games_live_side_by_side_and_leave_nothing(monkeypatch, tmp_path):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    files = open_files()
    games = [NetHackGame() for _ in range(40)]
    starts = [game.reset(seed % 4).observation for seed, game in enumerate(games)]
    assert starts[:4] == starts[36:]
    assert len(set(starts)) == 4
    for game in games:
        game.close()
        game.close()
    assert open_files() == files
    assert list(tmp_path.iterdir()) == []
