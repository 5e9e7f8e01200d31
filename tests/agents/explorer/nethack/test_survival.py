POTION = "inventory:\nd: 4 uncursed potions of extra healing\n"


def test_drinks_when_it_may_die_of_the_next_blows(play):
    turn = play(hp="9(30)", status=POTION)
    assert turn.action == "quaff"
    assert turn.written["item"] == "d"
    assert play(hp="29(30)", status=POTION).action != "quaff"


def test_prays_again_after_a_while(play):
    notes = {"prayed in turn": "300"}
    assert play(hp="2(30)", turn=700, notes=notes).action != "pray"
    turn = play(hp="2(30)", turn=800, notes=notes)
    assert turn.action == "pray"
    assert turn.written["prayed in turn"] == "800"
