import gzip
import json
import os
import pathlib
import random
import subprocess
import sys

import pytest
from crafter import constants

from automem_gym.game import EpisodeEnd, Game
from automem_gym.games.crafter.game import CrafterGame

EPISODES = pathlib.Path(__file__).parents[3] / "data" / "crafter" / "episodes.jsonl.gz"
SMALL = (30, 41)


def recorded():
    with gzip.open(EPISODES, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def play(game, seed, actions):
    """Each frame as what JSON makes of it, up to the end of the episode."""
    frames = [game.reset(seed)]
    for action in actions:
        if frames[-1].end:
            break
        frames.append(game.step(action))
    return [
        (f.observation, f.status, f.reward, f.end, dict(f.facts), f.surroundings) for f in frames
    ]


def some_actions(seed, count=400):
    return random.Random(seed).choices(CrafterGame(SMALL).actions, k=count)


@pytest.mark.parametrize("episode", recorded(), ids=lambda episode: f"seed {episode['seed']}")
def test_recorded_episodes_of_balrogs_wrapper(episode):
    game = CrafterGame()
    for step in episode["steps"]:
        action = step["action"]
        frame = game.reset(episode["seed"]) if action is None else game.step(action)
        assert frame.observation == step["long"]
        assert frame.status == step["short"]
        assert (frame.reward, frame.facts["position"]) == (step["reward"], step["pos"])
        assert (frame.end is EpisodeEnd.DIED) == step["done"]
    assert game.progression == episode["progression"]
    done = {name: count for name, count in episode["achievements"].items() if count}
    assert frame.facts["achievements"] == done


@pytest.mark.parametrize("seed", range(4))
def test_episodes_are_crafters_by_day_and_night(stock, seed):
    ours, theirs = CrafterGame(SMALL), stock(seed, SMALL)
    ours.reset(seed)
    theirs.reset()
    theirs.play(0)
    for number, action in enumerate(some_actions(seed)):
        # A well fed player with tools lives long and gets far.
        for player in (ours._player, theirs._player):
            player.inventory.update(health=9, food=9, iron=2, coal=2, wood=3, wood_pickaxe=1)
            if number % 150 == 100:
                player.inventory["energy"] = 2
        frame = ours.step(action)
        reward, _ = theirs.play(ours.actions.index(action))
        assert frame.reward == reward
        assert frame.facts["inventory"] == theirs._player.inventory
        assert frame.facts["sleeping"] == theirs._player.sleeping
        assert ours._world.ground == theirs.ground
        assert [(type(thing).__name__, *thing.pos) for thing in ours._world.objects] == [
            (type(thing).__name__, *thing.pos) for thing in theirs._world.objects
        ]
        if frame.end:
            break
    assert number > 200, "too short to have a night in it"
    assert ours._world.random.uniform() == theirs._world.random.uniform()


def test_the_pictures_of_the_night_draw_what_crafters_do(stock):
    ours, theirs = CrafterGame(SMALL), stock(2, SMALL, pictures=True)
    ours.reset(2)
    theirs.reset()
    theirs.play(0)
    ours._step = theirs._step = 140  # night falls at 148
    for _ in range(12):
        ours.step("Noop")
        theirs.play(0)
    assert theirs._world.daylight < 0.5
    assert ours._world.random.uniform() == theirs._world.random.uniform()


def test_the_same_in_another_process():
    actions = some_actions(7, 200)
    script = (
        "import json, sys; from automem_gym.games.crafter.game import CrafterGame\n"
        "game = CrafterGame((30, 41)); frames = [game.reset(7)]\n"
        "for action in json.load(sys.stdin):\n"
        "    if not frames[-1].end: frames.append(game.step(action))\n"
        "print(json.dumps([(f.observation, f.status, f.reward, dict(f.facts)) for f in frames]))"
    )
    result = subprocess.run(
        [sys.executable, "-c", script],
        input=json.dumps(actions),
        env={**os.environ, "PYTHONHASHSEED": "12345", "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=True,
    )
    here = [[o, s, r, facts] for o, s, r, _, facts, _ in play(CrafterGame(SMALL), 7, actions)]
    assert json.loads(result.stdout) == here


def test_a_game_plays_many_episodes_and_games_do_not_meddle():
    one, other = CrafterGame(SMALL), CrafterGame(SMALL)
    actions = some_actions(3, 120)
    first = play(one, 3, actions)
    other.reset(4)
    one.reset(5)
    for action in actions[:20]:
        other.step(action)
        one.step(action)
    assert play(one, 3, actions) == first
    assert play(other, 4, actions) != first


def test_rendering_changes_nothing():
    plain, watched = CrafterGame(SMALL), CrafterGame(SMALL)
    plain.reset(1)
    watched.reset(1)
    plain._step = watched._step = 145  # into the night
    for action in some_actions(1, 20):
        watched.render("rgb_array")
        watched.render("ansi")
        assert watched.step(action) == plain.step(action)


def test_the_protocol():
    game = CrafterGame()
    assert isinstance(game, Game)
    assert len(game.actions) == len(set(game.actions)) == 17
    assert game.default_action in game.actions
    assert game.progression == 0
    game.close()
    game.close()


def test_the_instructions_tell_of_every_action_and_achievement():
    text = CrafterGame().instructions
    for action in CrafterGame().actions:
        assert action in text
    for achievement in constants.achievements:
        assert achievement.replace("_", " ").title() in text


def test_facts_are_plain_and_achievements_come_in_order():
    game = CrafterGame(SMALL)
    facts = game.reset(0).facts
    assert json.loads(json.dumps(facts)) == facts
    assert facts["position"] == [15, 20]
    assert (facts["facing"], facts["sleeping"], facts["achievements"]) == ("south", False, {})
    assert set(facts["inventory"]) == set(constants.items)
    game._player.inventory.update(sapling=1, wood=2, stone=1)
    assert game.step("Place Table").reward == 1
    game.step("Move West")
    frame = game.step("Place Stone")
    assert list(frame.facts["achievements"].items()) == [("place_table", 1), ("place_stone", 1)]
    assert frame.reward == 1
    assert game.progression == 2 / 22
    assert frame.surroundings["west"] == ("stone", 1)
    assert frame.surroundings["southeast"] == ("table", 1)


def test_every_cell_can_be_told():
    game = CrafterGame(SMALL, unique_items=False)
    assert game.reset(0).observation.count("\n- ") == 9 * 7 - 1


@pytest.mark.parametrize("corner", [(0, 0), (29, 40), (0, 40), (29, 0)])
def test_the_text_holds_in_the_corners_of_the_world(corner):
    game = CrafterGame(SMALL)
    game.reset(0)
    for thing in game._world.objects[1:]:
        game._world.remove(thing)
    x, y = corner
    game._world[corner] = "grass"
    game._world[abs(x - 1), y] = "water"
    game._world.move(game._player, corner)
    text = game.step("Move West" if x == 0 else "Move East").observation
    assert f"- water 1 step to your {'east' if x == 0 else 'west'}" in text
    assert text.endswith("You face nothing at your front.")


def test_lava_ends_the_episode():
    game = CrafterGame(SMALL)
    game.reset(0)
    game._world[14, 20] = "lava"
    frame = game.step("Move West")
    assert frame.end is EpisodeEnd.DIED
    assert frame.reward == -0.9
    assert frame.observation.startswith("You died.")
    with pytest.raises(RuntimeError, match="over; call reset"):
        game.step("Noop")
    assert game.reset(0).end is None


def test_an_unknown_action_is_named_with_what_was_meant():
    game = CrafterGame(SMALL)
    game.reset(0)
    with pytest.raises(ValueError, match="Did you mean 'Move West'"):
        game.step("move wes")


@pytest.mark.parametrize("call", [lambda g: g.step("Noop"), lambda g: g.render("ansi")])
def test_nothing_happens_before_the_first_reset(call):
    with pytest.raises(RuntimeError, match=r"call reset\(seed\) first"):
        call(CrafterGame(SMALL))


@pytest.mark.parametrize("area", [(8, 64), (64, 3), (64,)])
def test_a_world_is_at_least_a_view_wide(area):
    with pytest.raises(ValueError, match="at least 9"):
        CrafterGame(area)
