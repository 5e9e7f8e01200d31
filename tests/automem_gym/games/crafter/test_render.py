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
    view = [["grass"] * 7 for _ in range(9)]
    view[4][3] = "player"
    view[0][0], view[8][6] = "tree", "lava"
    view[3] = [None] * 7
    lines = plain(draw_text(view, (1, 0), "Your status:")).splitlines()
    assert lines[0] == "T . .   . . . . ."
    assert lines[3] == ". . .   > . . . ."
    assert lines[6] == ". . .   . . . . ^"
    assert lines[8] == "T tree  . grass  ^ lava"
    assert lines[10] == "Your status:"


def test_everything_in_crafter_has_a_sign_of_its_own(stock):
    env = stock(0, SMALL)
    kinds = [kind.__name__.lower() for kind in env._sem_view._obj_ids]
    names = [name for name in [*env._world._mat_ids, *kinds] if name not in (None, "player")]
    signs = [plain(draw_text([[name, name, name]] * 3, (1, 0), ""))[0] for name in names]
    assert "?" not in signs
    assert len(set(signs)) == len(signs)


def test_unknown_modes_are_refused():
    game = CrafterGame(SMALL)
    game.reset(0)
    with pytest.raises(ValueError, match="'ansi' and 'rgb_array'"):
        game.render("rgb")
