import numpy as np
import pytest
from nle import nethack

from automem_gym.games.nethack.stats import stats_text


def stats(**numbers):
    """The lines of the status numbers, with some of nle's 27 numbers set by their place."""
    blstats = np.zeros(27, np.int64)
    for place, number in numbers.items():
        blstats[int(place.removeprefix("n"))] = number
    return dict(line.split(": ", 1) for line in stats_text(blstats.tolist()).split("\n"))


def test_every_number_has_its_line():
    lines = stats(**{f"n{place}": 100 + place for place in range(21)}, n23=3, n24=4)
    assert lines == {
        "Strength": "103/102",
        "Dexterity": "104",
        "Constitution": "105",
        "Intelligence": "106",
        "Wisdom": "107",
        "Charisma": "108",
        "Depth": "112",
        "Gold": "113",
        "HP": "110/111",
        "Energy": "114/115",
        "AC": "116",
        "XP": "118/119",
        "Time": "120",
        "Position": "100|101",
        "Hunger": "Satiated",
        "Monster Level": "117",
        "Encumbrance": "Unencumbered",
        "Dungeon Number": "3",
        "Level Number": "4",
        "Score": "109",
        "Alignment": "Neutral",
        "Condition": "None",
    }


@pytest.mark.parametrize(
    ("place", "name", "words"),
    [
        (21, "Hunger", ["Satiated", "Not Hungry", "Hungry", "Weak", "Fainting", "Fainted"]),
        (22, "Encumbrance", ["Unencumbered", "Burdened", "Stressed", "Strained", "Overtaxed"]),
    ],
)
def test_words_of_numbers(place, name, words):
    assert [stats(**{f"n{place}": value})[name] for value in range(len(words))] == words
    assert stats(**{f"n{place}": 99})[name] == ""


@pytest.mark.parametrize(
    ("number", "word"), [(-128, "None"), (-1, "Chaotic"), (0, "Neutral"), (1, "Lawful"), (7, "")]
)
def test_alignment(number, word):
    assert stats(n26=number)["Alignment"] == word


def test_conditions_stand_in_the_order_of_the_text():
    assert stats(n25=(1 << nethack.BL_MASK_BITS) - 1)["Condition"] == (
        "Flying Levitating Hallucinating Confused Stunned Deaf Blind Terminally Ill "
        "Food Poisoning Strangled Slimed Riding Stoned"
    )
    assert stats(n25=nethack.BL_MASK_BLIND)["Condition"] == "Blind"
