import re

import numpy as np
import pytest

from automem_gym.games.crafter.game import CrafterGame
from automem_gym.games.crafter.render import draw_text

SMALL = (30, 41)


def plain(text):
    return re.sub(r"\x1b\[[0-9;]*m", "", text)


def test_by_day_the_picture_is_crafters(stock):
    game, theirs = CrafterGame(SMALL), stock(3, SMALL, pictures=True)
    game.reset(3)
    theirs.reset()
    theirs.play(0)
    picture = game.render("rgb_array")
    assert (picture.shape, picture.dtype) == ((576, 576, 3), np.uint8)
    theirs._size = np.array(picture.shape[:2])
    assert (picture == theirs.render()).all()


def test_a_frame_of_the_night_looks_the_same_twice_and_is_darker():
    game = CrafterGame(SMALL)
    game.reset(3)
    day = game.render("rgb_array")
    game._step = 200
    game.step("Noop")
    night = game.render("rgb_array")
    assert (game.render("rgb_array") == night).all()
    assert night[:448].mean() < day[:448].mean()


def test_the_map_shows_the_view_a_legend_and_the_status():
    scene = "T... ....\n" + "...." + " >...." + "\n..,. ...^"
    lines = plain(draw_text(scene, "Your status:")).splitlines()
    assert lines[0] == "T . . .   . . . ."
    assert lines[1] == ". . . .   > . . . ."
    assert lines[4] == "T tree  . grass  > player-right on grass  , sand  ^ lava"
    assert lines[6] == "Your status:"
    assert draw_text("T", "").startswith("\x1b[38;5;22mT\x1b[0m\n")


def test_unknown_modes_are_refused():
    game = CrafterGame(SMALL)
    game.reset(0)
    with pytest.raises(ValueError, match="'ansi' and 'rgb_array'"):
        game.render("rgb")
