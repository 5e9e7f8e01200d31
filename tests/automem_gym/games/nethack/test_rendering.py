import numpy as np
import pytest

from automem_gym.games.nethack.game import NetHackGame
from automem_gym.games.nethack.rendering import pixels


@pytest.fixture
def frame():
    characters = np.full((24, 80), ord(" "), np.uint8)
    characters[0, :5] = list(b"Hello")
    colors = np.zeros((24, 80), np.int8)
    colors[0, 1] = 1
    colors[0, 2] = 9
    cursor = np.array([5, 7], np.uint8)
    return {"tty_chars": characters, "tty_colors": colors, "tty_cursor": cursor}


def test_pixels_are_a_picture_of_the_terminal(frame):
    picture = pixels(frame)
    assert picture.shape == (24 * 11, 80 * 6, 3)
    assert picture.dtype == np.uint8
    cells = picture.reshape(24, 11, 80, 6, 3).swapaxes(1, 2)
    assert not cells[10].any()
    assert cells[5, 7].all(axis=(0, 1)).all()  # the cursor is a full block
    assert {tuple(color) for color in cells[0, 1].reshape(-1, 3)} == {(0, 0, 0), (170, 0, 0)}
    assert {tuple(color) for color in cells[0, 2].reshape(-1, 3)} == {(0, 0, 0), (255, 85, 85)}
    assert (cells[0, 2] > 0).any(-1).tolist() == (cells[0, 3] > 0).any(-1).tolist()  # both an l


def test_a_game_draws_itself():
    game = NetHackGame()
    game.reset(3)
    assert game.render("rgb_array").any()
    game.close()
