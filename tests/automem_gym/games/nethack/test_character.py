import re

import pytest

from automem_gym.games.nethack.character import ROLES, check_character
from automem_gym.games.nethack.game import NetHackGame


@pytest.mark.parametrize(
    "character", ["@", *ROLES, "mon-hum-neu-mal", "val-dwa", "wiz-elf-cha-fem", "arc-mal-gno"]
)
def test_characters_that_there_are(character: str) -> None:
    check_character(character)


@pytest.mark.parametrize(
    ("character", "message"),
    [
        ("vall-hum", "Unknown role 'vall'. Did you mean 'val'"),
        ("mon-foo-neu", "Unknown trait of 'mon-foo-neu' 'foo'"),
        ("mon-elf-neu-mal", "Unknown trait of 'mon-elf-neu-mal' 'elf'"),
        ("val-mal", "Unknown trait of 'val-mal' 'mal'"),
        ("arc-dwa-neu", "Unknown trait of 'arc-dwa-neu' 'neu'"),
        ("arc-law-neu", "names law and neu; choose one of them"),
        ("", "Unknown role ''"),
        (None, "Unknown role 'None'"),
        (5, "Unknown role '5'"),
    ],
)
def test_characters_that_there_are_not(character: object, message: str) -> None:
    with pytest.raises(ValueError) as error:  # noqa: PT011  (its text is compared below)
        check_character(character)
    assert message in str(error.value)


@pytest.mark.parametrize(
    ("character", "greeting"),
    [
        ("wiz-elf", "chaotic (fe)?male elven Wizard"),
        ("val-dwa", "lawful dwarven Valkyrie"),
        ("pri-hum-neu-fem", "neutral human Priestess"),
        ("arc-mal-gno", "neutral male gnomish Archeologist"),
    ],
)
def test_the_game_fulfils_them(character: str, greeting: str) -> None:
    game = NetHackGame(character=character)
    texts = [game.reset(seed).observation for seed in range(5)]
    game.close()
    # The moon, or what lies underfoot, may take the place of the greeting.
    greetings = [found[1] for text in texts if (found := re.search(r"You are an? (.*)\.", text))]
    assert greetings
    assert all(re.fullmatch(greeting, text) for text in greetings)


@pytest.mark.parametrize("no_progress", [0, -5, 1.5, "x", True])
def test_no_progress_is_a_count(no_progress: object) -> None:
    with pytest.raises(ValueError, match="no_progress is a whole number from 1"):
        NetHackGame(no_progress=no_progress)  # type: ignore[arg-type]
