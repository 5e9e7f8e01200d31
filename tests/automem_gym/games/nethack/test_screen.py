from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from automem_gym.games.nethack.game import NetHackGame
from automem_gym.games.nethack.screen import Screen

CODE = re.compile(r"\033\[([0-9;]*)m")


def blank():
    characters = np.full((24, 80), ord(" "), np.uint8)
    colors = np.zeros((24, 80), np.int8)
    return {"tty_chars": characters, "tty_colors": colors, "tty_cursor": np.array([5, 7], "u1")}


def cells(line: str) -> list[tuple[str, frozenset[str]]]:
    """What a terminal makes of a line: each character with its attributes."""
    shown, on, at = [], frozenset(), 0
    for code in CODE.finditer(line):
        shown += [(sign, on) for sign in line[at : code.start()]]
        for number in code[1].split(";"):
            colour = {other for other in on if other != "7"}
            on = frozenset() if number == "0" else on - (colour if number != "7" else set())
            on |= {number} - {"0"}
        at = code.end()
    assert not on, "a line ends in plain"
    return shown + [(sign, on) for sign in line[at:]]


def expected(frame, row: int) -> list[tuple[str, frozenset[str]]]:
    """The same by the meaning of nle's arrays; blanks have no ink unless they are in reverse."""
    shown = []
    for column in range(80):
        sign, color = chr(frame["tty_chars"][row, column]), int(frame["tty_colors"][row, column])
        reverse = bool(color & 16) != ([row, column] == frame["tty_cursor"].tolist())
        hue = color & 15
        ink = {str(30 + hue)} if hue < 8 else {str(90 + hue - 8)}
        if hue in (0, 7) or (sign == " " and not reverse):
            ink = set()
        shown.append((sign, frozenset(ink | ({"7"} if reverse else set()))))
    while shown and shown[-1] == (" ", frozenset()):
        shown.pop()
    return shown


CELL = st.sampled_from(
    [(" ", 0), ("a", 7), (".", 8), ("@", 15), ("D", 1), ("d", 3), ("A", 23), (" ", 16)]
)
ROW = st.lists(CELL, max_size=12)
FRAMES = st.lists(
    st.tuples(st.dictionaries(st.integers(0, 23), ROW), st.integers(0, 23), st.integers(0, 14)),
    min_size=1,
    max_size=4,
)


@given(FRAMES)
def test_frame_after_frame_is_as_the_arrays_tell(frames):
    screen, frame = Screen(), blank()
    for rows, cursor_row, cursor_column in frames:
        for row, signs in rows.items():
            frame["tty_chars"][row], frame["tty_colors"][row] = ord(" "), 0
            for column, (sign, color) in enumerate(signs):
                frame["tty_chars"][row, column] = ord(sign)
                frame["tty_colors"][row, column] = color
        frame["tty_cursor"][:] = cursor_row, cursor_column
        lines = screen.draw(frame).split("\n")
        assert len(lines) == 24
        for row, line in enumerate(lines):
            seen = [
                (sign, on if sign != " " or "7" in on else frozenset()) for sign, on in cells(line)
            ]
            assert seen == expected(frame, row)


def test_codes_stand_only_where_the_colour_changes():
    frame = blank()
    frame["tty_chars"][0, :9] = list(b"Hello a b")
    frame["tty_colors"][0, :9] = [7, 1, 9, 7, 7, 0, 3, 0, 3]
    lines = Screen().draw(frame).split("\n")
    assert lines[0] == "H\033[31me\033[91ml\033[0mlo \033[33ma b\033[0m"
    assert lines[5] == " " * 7 + "\033[7m \033[0m"
    assert lines[1] == ""


def test_what_a_terminal_would_obey_is_not_there():
    frame = blank()
    frame["tty_chars"][0, :6] = [27, ord("["), 10, 0x9B, 0, 127]
    frame["tty_colors"][0, :6] = 7
    first = Screen().draw(frame).split("\n")[0]
    assert first == "?[????"


def test_a_game_draws_itself_anew_at_every_turn():
    game = NetHackGame()
    game.reset(3)
    first = game.scene()
    assert game.scene_kind == "ansi"
    assert "Dlvl:1" in first
    assert game.render("ansi") == first
    game.step("search")
    game.step("search")
    second = game.scene()
    assert second != first
    assert Screen().draw(game.frame) == second
    game.reset(3)
    assert game.scene() == first
    game.close()


@pytest.mark.parametrize("mode", ["human", "tiles"])
def test_unknown_modes_are_refused(mode):
    game = NetHackGame()
    with pytest.raises(ValueError, match=f"Unknown render mode '{mode}'"):
        game.render(mode)
    game.close()
