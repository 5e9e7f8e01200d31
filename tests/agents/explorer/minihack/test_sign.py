import random

from agents.explorer.minihack import sign
from automem_gym.games.minihack.tasks import TASKS

SIGN = "blue jelly and red mold"


def test_the_goals_of_the_tasks_are_understood():
    four = sign.told(TASKS["Memento-F4"].goal)
    assert four == {
        "branches": "4",
        "blue jelly and red mold": "1",
        "red mold and spotted jelly": "2",
        "blue jelly and green mold": "3",
        "green mold and spotted jelly": "4",
    }
    assert sign.told(TASKS["Memento-Short-F2"].goal) == {
        "branches": "2",
        "blue jelly": "1",
        "lichen": "2",
    }
    assert sign.told(TASKS["Memento-F4-Untold"].goal) == {"branches": "4"}


def test_only_creatures_are_signs():
    assert sign.seen("vertical wall near west\nlichen very near northnortheast") == "lichen"
    assert sign.seen("bars adjacent northeast\nred mold near east\nblue jelly near west") == SIGN
    assert sign.seen("bars adjacent northeast") == ""


def test_a_branch_that_was_taken_is_not_taken_again():
    notes: dict[str, str] = {}
    for _ in range(3):
        sign.taken(notes, SIGN, sign.guess(notes, SIGN, 4, random.Random(0)))
    assert len(notes[SIGN].split()) == 1 + 3
    last = sign.guess(notes, SIGN, 4, random.Random(0))
    assert str(last) not in notes[SIGN]


def test_what_is_known_to_be_right_stays():
    notes = {SIGN: "2"}
    sign.taken(notes, SIGN, 2)
    assert sign.right(notes, SIGN) == 2
    sign.taken(notes, SIGN, 3)
    assert sign.right(notes, SIGN) is None


def test_what_another_sign_means_is_guessed_last():
    notes = {"blue jelly and green mold": "1", "lichen": "3", "keys": "4", SIGN: "not 2"}
    assert {sign.guess(notes, SIGN, 4, random.Random(seed)) for seed in range(20)} == {4}
    notes[SIGN] = "not 2 4"
    assert {sign.guess(notes, SIGN, 4, random.Random(seed)) for seed in range(20)} == {1, 3}


def test_notes_of_another_form_say_nothing():
    notes = {SIGN: "not a branch"}
    assert sign.right(notes, SIGN) is None
    assert sign.guess(notes, SIGN, 1, random.Random(0)) == 1
    assert sign.is_sign("lichen")
    assert sign.is_sign(SIGN)
    assert not sign.is_sign("lichen|")
    assert not sign.is_sign("-")
