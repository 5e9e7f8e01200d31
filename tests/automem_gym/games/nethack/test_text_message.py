import numpy as np
import pytest

from automem_gym.games.nethack.message import message_text


def message(*rows, columns=80):
    """The message of a terminal with these rows, the first at the top."""
    screen = np.full((24, columns), ord(" "), np.uint8)
    for row, text in enumerate(rows):
        characters = text.encode("latin-1")
        screen[row, : len(characters)] = list(characters)
    return message_text(screen.tobytes(), columns)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([""], ""),
        (["  You hear a door open. "], "You hear a door open."),
        (["You see here a café\x1a"], "You see here a café"),
        (["Hello.", "    |..|"], "Hello."),
        (["You die...--More--", "   "], "You die...--More--"),
        (["    Coins", "    a - gold", "|.. (end)", " x"], "Coins\na - gold\n(end)"),
        (["    Coins", "..| a - gold", "..| (1 of 2)", "x"], "Coins\na - gold\n(1 of 2)"),
        (["Log", "", " done", "--More--"], "Log\n\ndone\n--More--"),
        # Two digits end no page, nor does a second "of".
        (["  Items", "  (1 of 12)"], "Items"),
        (["  Items", "  pair of (1 of 2)"], "Items"),
        # A mark to the left of the menu is cut by it.
        (["      Items", "(end)"], "Items"),
        # A message that starts further down is none.
        (["", "You made the top ten list!", "--More--"], ""),
        ([" " * 79 + "x", "--More--"], ""),
    ],
)
def test_message(rows, expected):
    assert message(*rows) == expected


def test_a_lone_character_in_the_last_column_of_a_menu_row_is_nothing():
    rows = ["  Items", " " * 79 + "|", "  (end)"]
    assert message(*rows) == "Items\n\n(end)"
