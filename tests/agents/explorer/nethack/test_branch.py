PICK = "inventory:\na: a pick-axe (weapon in hand)\n"
OVERVIEW = "The Dungeons of Doom: levels 1 to 2\nLevel 2:\nStairs down to The Gnomish Mines.\n"
IN_MINES = f"{OVERVIEW}The Gnomish Mines:\nLevel 3: <- You are here.\n"
IN_MAIN = "The Dungeons of Doom: levels 1 to 3\nLevel 1:\nA fountain.\nLevel 3: <- You are here.\n"


def test_with_a_pick_it_asks_where_it_is(play):
    assert play(level=3, status=PICK).action == "overview"
    assert play(level=3).action != "overview"
    assert play(level=2, status=PICK).action == "apply"


def test_it_climbs_out_of_the_mines_and_digs_in_the_main_branch(play):
    stairs = {"stairs up": "3,3"}
    assert play(level=3, status=PICK, message=IN_MINES, place=stairs).action == "up"
    assert play(level=3, status=PICK, message=IN_MAIN, place=stairs).action == "apply"


def test_it_walks_to_the_stairs(play):
    notes = {"branch": "mines", "overview of": "3"}
    turn = play(level=3, status=PICK, notes=notes, place={"stairs up": "5,3"})
    assert turn.action == "east"
    assert turn.written["route"] == "5,3"


def test_stairs_that_lead_nowhere_are_forgotten(play):
    notes = {"branch": "mines", "overview of": "3"}
    place = {"stairs up": "3,3"}
    turn = play(level=3, status=PICK, notes=notes, place=place, message="You can't go up here.")
    assert turn.action == "apply"
    assert turn.written["stairs up"] == "-"


def test_what_it_knows_of_one_branch_is_not_taken_for_the_other(play):
    notes = {"branch": "mines", "overview of": "3"}
    assert play(level=2, status=PICK, notes=notes).written["overview of"] == "0"


def test_it_does_not_go_back_down_the_stairs_that_it_came_up(play):
    place = {"ways down": "3,3"}
    assert play(level=2, place=place).action == "down"
    assert play(level=2, place=place, status=PICK, notes={"branch": "mines"}).action == "apply"


def test_it_meets_who_stands_in_the_way_to_the_stairs(play):
    """A peaceful creature is not attacked, and was once taken for the end of all ways."""
    notes = {"branch": "mines", "overview of": "3"}
    place = {"stairs up": "5,3", "peaceful": "gnome"}
    gnome = ("east", 4, 3, "G", "gnome")
    assert play(gnome, level=3, status=PICK, notes=notes, place=place).action == "east"
