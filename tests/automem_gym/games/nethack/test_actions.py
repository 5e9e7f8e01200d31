import pytest
from nle import nethack

from automem_gym.games.nethack.actions import (
    KEYS,
    MEANINGS,
    action_lines,
    letter_list,
)


def test_keys_are_those_of_the_keyboard():
    assert KEYS["north"] == nethack.CompassDirection.N
    assert KEYS["far north"] == nethack.CompassDirectionLonger.N
    assert KEYS["more"] == nethack.MiscAction.MORE
    assert KEYS["esc"] == nethack.Command.ESC
    assert KEYS["kick"] == nethack.Command.KICK
    assert KEYS["pray"] == nethack.Command.PRAY
    commands = {key for name, key in KEYS.items() if len(name) > 1}
    assert commands <= set(map(int, nethack.ACTIONS))


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("annotate", nethack.Command.ANNOTATE),
        ("overview", nethack.Command.OVERVIEW),
        ("teleport", nethack.Command.TELEPORT),
        ("travel", nethack.Command.TRAVEL),
        ("minus", nethack.TextCharacters.MINUS),
        ("apos", nethack.TextCharacters.APOS),
    ],
)
def test_actions_that_the_reference_rejects_have_their_keys(name, key):
    assert KEYS[name] == key


def test_characters_stand_for_themselves_and_two_digits_for_nothing():
    assert (KEYS["h"], KEYS["H"], KEYS["7"]) == (ord("h"), ord("H"), ord("7"))
    assert not any(name.isdigit() and len(name) > 1 for name in KEYS)


def test_every_command_has_a_meaning_and_no_character_has():
    assert action_lines(["north", "h", "zap"]) == "north: move north\nzap: zap a wand"
    assert all(MEANINGS.values())
    assert {name for name in KEYS if name not in MEANINGS} == {n for n in KEYS if len(n) == 1}


def test_letters_are_listed_with_the_actions_that_type_them():
    assert letter_list(["south", "kick", "zap"]) == "j by south, z by zap"
