from agents.explorer.minihack.hidden import search_on


def test_a_dead_end_is_searched_for_a_while(scene):
    s = scene("------", "|....|", "|....###@", "------", task="Corridor-R3")
    assert [search_on(s) for _ in range(10)] == ["search"] * 10


def test_who_sets_out_to_search_does_so_there(scene):
    s = scene("------", "|....|", "|.@..####", "------", task="Corridor-R3")
    assert search_on(s) not in ("search", None)
    goal = s.place["to search"]
    there = scene("------", "|....|", "|....###@", "------", task="Corridor-R3", **s.place)
    assert goal == "8,3"
    assert search_on(there) == "search"


def test_who_cannot_search_does_not(scene):
    s = scene("------", "|....|", "|....###@", "------", task="Memento-F4")
    assert search_on(s) is None
