from agents.explorer.minihack.outlook import look_out


def test_more_of_the_unknown_is_worth_a_step_more(scene):
    # The bend straight to the east shows less than the cell behind it.
    s = scene("", "  ##@#", "     #", task="Corridor-R3", stood="3,2 4,2")
    assert look_out(s) == "southeast"


def test_known_stairs_need_no_outlook(scene):
    assert look_out(scene("-----", "|@.>#", "-----", task="Corridor-R3")) is None


def test_where_all_is_seen_there_is_nothing_to_look_for(scene):
    assert look_out(scene("-----", "|@..|", "-----", task="Corridor-R3")) is None


def test_a_locked_door_is_no_way(scene):
    room = ("-----", "|@..+", "-----")
    assert look_out(scene(*room, task="Corridor-R3")) is not None
    assert look_out(scene(*room, task="Corridor-R3", locked="4,2")) is None
