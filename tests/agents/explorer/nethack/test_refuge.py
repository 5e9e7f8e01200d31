import pytest

RAT = ("east", 4, 3, "r", "sewer rat")
HUMAN = ("east", 4, 3, "@", "watchman")
PICK = "inventory:\na: a pick-axe (weapon in hand)\n"


def test_writes_elbereth_when_about_to_be_killed(play):
    assert play(RAT, hp="30(30)").action == "east"
    turn = play(RAT, hp="8(30)")
    assert turn.action == "engrave"
    assert turn.written["refuge"] == "3,3 8"


def test_writes_nothing_against_those_who_do_not_care(play):
    assert play(HUMAN, hp="8(30)").action != "engrave"


@pytest.mark.parametrize(
    ("message", "answer", "keys"),
    [
        ("What do you want to write with? [- ab or ?*]", "minus", None),
        ("Do you want to add to the current engraving? [ynq] (y)", "n", None),
        ("What do you want to write in the dust here?", "E", "l b e r e t h more"),
    ],
)
def test_answers_how_it_is_written(play, message, answer, keys):
    turn = play(RAT, message=message, asks=True)
    assert turn.action == answer
    assert turn.written.get("keys") == keys


def test_rests_on_the_word_while_it_holds(play):
    place = {"refuge": "3,3 8", "written": "1"}
    resting = play(RAT, hp="8(30)", place=place)
    assert (resting.action, resting.written["keys"]) == ("2", "0 search")
    # Who was hit wrote it badly: once more.
    assert play(RAT, hp="7(30)", place=place).action == "engrave"


def test_a_digger_digs_on_it(play):
    assert play(RAT, status=PICK, level=2).action == "engrave"
    assert play(RAT, status=PICK, level=2, place={"refuge": "3,3 9"}).action == "apply"


def test_it_is_not_written_for_ever(play):
    assert play(RAT, hp="8(30)", place={"written": "6"}).action == "east"
