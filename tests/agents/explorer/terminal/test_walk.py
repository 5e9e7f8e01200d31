from agents.explorer.terminal.walk import learn


def test_a_door_that_stays_shut_counts_as_locked(situation):
    room = ("-----", "|...|", "|...+", "|...|", "-----")
    s = situation(room, (3, 3), {"moved": "east from 3,3"})
    learn(s)
    assert s.listed("locked") == ["4,3"]
    assert s.listed("blocked") == []


def test_a_move_that_fails_is_not_tried_again(situation):
    room = ("-----", "|...|", "|....", "|...|", "-----")
    s = situation(room, (3, 3), {"moved": "east from 3,3"})
    learn(s)
    assert s.listed("blocked") == ["3,3>4,3"]
