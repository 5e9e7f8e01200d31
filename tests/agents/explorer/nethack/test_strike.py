import pytest

RAT = ("east", 4, 3, "r", "sewer rat")
BITES = "The sewer rat bites!"
BOOK = "inventory:\nk: a blessed spellbook of force bolt\n"
WAND = "inventory:\ng: a wand of sleep (0:4)\n"
DARTS = "inventory:\na: a dagger (weapon in hand)\nb: 9 +2 darts (in quiver)\n"


@pytest.mark.parametrize(
    ("status", "hp", "action"),
    [
        (BOOK, "20(20)", "cast"),
        (WAND, "20(20)", "east"),
        (WAND, "10(20)", "zap"),
        (WAND.replace(":4", ":0"), "10(20)", "east"),
        (DARTS, "20(20)", "throw"),
        ("inventory:\na: a dagger (weapon in hand)\n", "20(20)", "east"),
    ],
)
def test_strikes_with_the_strongest_that_it_has(play, status, hp, action):
    assert play(RAT, message=BITES, status=status, hp=hp, more="Pw:7(7)").action == action


def test_the_answers_are_noted(play):
    turn = play(RAT, message=BITES, status=DARTS)
    assert (turn.written["item"], turn.written["aim"]) == ("b", "east")
    menu = "Choose which spell to cast\n\na - force bolt\n(end)"
    assert play(message=menu, asks=True).action == "a"


def test_who_has_not_struck_may_be_peaceful(play):
    assert play(RAT, status=DARTS).action == "east"
    assert play(RAT, message=BITES, status=BOOK, more="Pw:4(7)").action == "east"


def test_victims_of_the_wand_sleep_for_a_while(play):
    notes = {"zapped in turn": "45"}
    assert play(RAT, message=BITES, status=WAND, hp="10(20)", notes=notes).action == "east"
