from agents.explorer.terminal.exploration import explore, search
from agents.explorer.terminal.map import name

DEAD_END = ("-----", "|...|", "|....######", "|...|", "-----")


def test_searches_at_the_end_of_a_corridor(situation):
    s = situation(DEAD_END, (5, 3))
    assert search(s, 15) == "east"
    assert s.place["to search"] == "10,3"


def test_a_dead_end_stays_one_for_who_stands_on_it(situation):
    s = situation(DEAD_END, (10, 3))
    assert search(s, 15) == "search"
    assert s.place["searched"] == "10,3=15"
    assert s.place["to search"] == "-"


def test_a_place_once_chosen_is_kept(situation):
    s = situation(DEAD_END, (2, 2), {"to search": "3,4"})
    search(s, 15)
    assert s.place["to search"] == "3,4"
    assert s.place["route"].split()[-1] == "3,4"


def test_goes_where_something_has_not_been_seen(situation):
    s = situation(DEAD_END, (9, 3))
    assert explore(s) == "east"
    assert s.place["tried"] == f"{name(s.here + 1)}=1"


def test_kicks_a_locked_door_when_all_else_is_known(situation):
    room = ("-----", "|...|", "|...+", "|...|", "-----")
    s = situation(room, (3, 3), {"locked": "4,3", "blocked": "3,3>4,3"})
    assert explore(s) == "kick"
    assert s.notes["aim"] == "east"
