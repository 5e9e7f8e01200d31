from __future__ import annotations

import io
import random
import tomllib
from importlib.resources import files

import numpy as np
import pytest
from crafter import constants, objects
from PIL import Image

from automem_gym.games import crafter
from automem_gym.games.crafter import tiles
from automem_gym.games.crafter.game import CrafterGame
from automem_gym.scene import Scenic, Tiled

SMALL = (30, 41)


def picture(scene: str) -> np.ndarray:
    """A scene as its tiles show it, 64 pixels a cell."""
    shown = {
        sign: np.array(Image.open(io.BytesIO(tile.png)).convert("RGB").resize((64, 64), 0))
        for sign, tile in tiles.tileset().items()
    }
    rows = [np.hstack([shown[sign] for sign in line]) for line in scene.split("\n")]
    return np.vstack(rows).astype(int)


@pytest.mark.parametrize("seed", [0, 1])
def test_by_day_the_tiles_give_crafters_picture(seed):
    game = CrafterGame(SMALL)
    rng = random.Random(seed)
    game.reset(seed)
    met = set()
    for step in range(140):  # night falls after that
        game.step(rng.choice(game.actions))
        met |= set(game.scene())
        if step % 10 or game._player.sleeping:
            continue
        game._world.daylight = 1.0
        # Crafter rounds down what it blends.
        assert abs(picture(game.scene()) - game.render("rgb_array")[:448]).max() <= 1
    assert len(met) > 8


def test_outside_the_world_there_is_nothing():
    game = CrafterGame((9, 9))
    game.reset(5)
    scene = game.scene().split("\n")
    assert [len(line) for line in scene] == [9] * 7
    assert " " not in "".join(scene)
    free = next(y for y in range(9) if game._world[8, y][1] is None)
    game._world.move(game._player, (8, free))
    assert {line[-4:] for line in game.scene().split("\n")} == {" " * 4}


def test_whoever_sleeps_is_shown_asleep():
    game = CrafterGame(SMALL)
    game.reset(5)
    game._player.inventory["energy"] = 3
    game.step("Sleep")
    tile = tiles.tileset()[game.scene().split("\n")[3][4]]
    assert tile.name.startswith("player-sleep on ")


def test_everything_has_a_character_on_every_ground_that_it_gets_to():
    known = {(look.ground, look.thing) for look in tiles.LOOKS.values()}
    assert {(name, "") for name in constants.materials} <= known
    walkers = ["cow", "zombie", "skeleton", "player-sleep"]
    player = [f"player-{way}" for way in ("left", "right", "up", "down")]
    arrows = [f"arrow-{way}" for way in ("left", "right", "up", "down")]
    for things, grounds in [
        (walkers, constants.walkable),
        (player, [*constants.walkable, "lava"]),
        (arrows, objects.Arrow.walkable),
        (["plant", "plant-ripe"], constants.place["plant"]["where"]),
    ]:
        assert {(ground, thing) for ground in grounds for thing in things} <= known


def test_no_character_stands_for_two():
    table = tomllib.loads((files(crafter) / "tiles.toml").read_text("utf-8"))
    signs = [look["character"] for look in table["ground"].values()]
    signs += [
        sign for look in table["thing"].values() for sign in look.values() if sign != look["color"]
    ]
    assert len(set(signs)) == len(signs) == len(tiles.LOOKS)
    assert not {tiles.OUTSIDE, tiles.UNKNOWN} & {*signs}


def test_the_tileset_is_small_and_its_tiles_differ():
    found = CrafterGame.tileset()
    assert {Image.open(io.BytesIO(tile.png)).size for tile in found.values()} == {(16, 16)}
    assert len({tile.png for tile in found.values()}) == len(found)
    assert len({tile.name for tile in found.values()}) == len(found)
    assert sum(len(tile.png) for tile in found.values()) < 20_000


def test_what_is_unknown_has_a_character_of_its_own():
    game = CrafterGame(SMALL)
    game.reset(5)
    x, y = game._world.places[game._player]
    game._world[x, y] = "water"
    assert game.scene().split("\n")[3][4] == tiles.UNKNOWN


def test_the_game_follows_the_protocols():
    game = CrafterGame(SMALL)
    assert isinstance(game, Scenic)
    assert isinstance(game, Tiled)
    with pytest.raises(RuntimeError, match="no episode has been started"):
        game.scene()
