import re

import pytest

from automem_gym.game import EpisodeEnd, Game
from automem_gym.games.crafter.courier import PARCELS, CourierGame
from automem_gym.games.crafter.game import CrafterGame
from automem_gym.games.crafter.sites import FIRST, SECOND, ways

NAMES = {(0, -1): "Move North", (1, 0): "Move East", (0, 1): "Move South", (-1, 0): "Move West"}


def route(game, frame, site):
    """The moves that lead from where the player is to face a site."""
    world, goal = game._world, tuple(frame.facts["sites"][site])
    steps, place, moves = ways(world, goal), tuple(frame.facts["position"]), []
    while place != goal:
        near = [(place[0] + dx, place[1] + dy) for dx, dy in NAMES]
        after = min((cell for cell in near if cell in steps), key=steps.get)
        moves.append(NAMES[after[0] - place[0], after[1] - place[1]])
        place = after
    return moves


def walk(game, frame, site):
    for move in route(game, frame, site):
        frame = game.step(move)
    return game.step("Do")


def test_it_is_a_game():
    game = CourierGame()
    assert isinstance(game, Game)
    assert game.default_action in game.actions
    assert set(game.actions) < set(CrafterGame().actions)
    assert f"when {PARCELS} parcels" in game.instructions
    assert f"{SECOND[0]} to {SECOND[1]} steps" in game.instructions
    assert f"{FIRST[0]} to {FIRST[1]} steps" in game.instructions
    assert all(name in game.instructions for name in game.actions)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_parcels_are_taken_at_the_table_and_delivered_at_the_furnace(seed):
    game = CourierGame()
    frame = game.reset(seed)
    assert "You have nothing in your inventory." in frame.status
    frame = walk(game, frame, "furnace")  # with empty hands
    assert (frame.reward, game.progression) == (0, 0)
    for delivered in (1, 2):
        frame = walk(game, frame, "table")
        assert "- parcel: 1" in frame.status
        assert "You face table at your front." in frame.observation
        frame = game.step("Do")  # one is all that one can carry
        assert "- parcel: 1" in frame.status
        frame = walk(game, frame, "furnace")
        assert (frame.reward, game.progression) == (1, delivered / PARCELS)
        assert "You have nothing in your inventory." in frame.status


def test_an_episode_is_solved_when_all_are_delivered():
    game = CourierGame()
    frame = game.reset(4)
    for _ in range(PARCELS):
        assert frame.end is None
        frame = walk(game, walk(game, frame, "table"), "furnace")
    assert (frame.end, game.progression) == (EpisodeEnd.SOLVED, 1)
    with pytest.raises(RuntimeError, match="over"):
        game.step("Noop")


def test_the_ground_is_crafters_without_its_lava_and_nothing_lives_there():
    for seed in range(5):
        courier, crafter = CourierGame(), CrafterGame()
        frame = courier.reset(seed)
        crafter.reset(seed)
        ours, theirs = courier._world, crafter._world
        assert ours.objects == [courier._player]
        assert not any("lava" in column for column in ours.ground)
        sites = {tuple(cell) for cell in frame.facts["sites"].values()}
        assert all(
            ours.ground[x][y] == {"lava": "stone"}.get(theirs.ground[x][y], theirs.ground[x][y])
            for x in range(64)
            for y in range(64)
            if (x, y) not in sites
        )


def test_the_same_seed_is_the_same_episode_and_texts_tell_no_place():
    games = [CourierGame(), CourierGame()]
    frames = [game.reset(7) for game in games]
    for action in route(games[0], frames[0], "furnace"):
        frames = [game.step(action) for game in games]
        assert frames[0] == frames[1]
        text = f"{frames[0].observation}\n{frames[0].status}"
        numbers = {int(n) for n in re.findall(r"\d+", text)}
        assert max(numbers) <= max(7, PARCELS)  # steps in view, and parcels
    assert len({str(game.reset(seed).facts["sites"]) for game in games for seed in range(6)}) == 6


def test_the_errors_say_what_to_do():
    game = CourierGame()
    with pytest.raises(RuntimeError, match="call reset"):
        game.step("Noop")
    game.reset(0)
    with pytest.raises(ValueError, match="Move North"):
        game.step("Move Nort")
    with pytest.raises(ValueError, match="rgb_array"):
        game.render("svg")
    assert game.render("ansi").endswith("You have nothing in your inventory.")
    assert set(game.scene()) - {"\n"} <= set(game.tileset())
    assert game.render("rgb_array").shape == (576, 576, 3)
    game.close()
    game.close()
