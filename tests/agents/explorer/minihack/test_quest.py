from agents.explorer.minihack.quest import blast, cross_lava, notice_empty

CORRIDOR = ("---------", "#@.rr...|", "---------")
LONG = ("---------------", "#@.rr.........|", "---------------")
WAND = "inventory:\nj: a wand of cold\n"


def test_enemies_in_a_row_are_frozen(scene):
    s = scene(*LONG, status=WAND)
    assert blast(s) == "zap"
    assert (s.notes["item"], s.notes["aim"]) == ("j", "east")


def test_one_enemy_or_a_near_wall_behind_them_is_no_reason(scene):
    assert blast(scene(LONG[0], "#@.r..........|", LONG[2], status=WAND)) is None
    assert blast(scene(*CORRIDOR, status=WAND)) is None


def test_a_ray_is_kept_for_the_lava(scene):
    assert blast(scene(*LONG, status=WAND, blasts="jjj")) is None
    lava = scene("-------", "|@..}.|", "-------", status=WAND, blasts="jjj")
    assert cross_lava(lava) == "zap"


def test_another_wand_is_none(scene):
    both = "h: a wand of sleep (0:0)\nj: a uranium wand\n"
    s = scene(*LONG, status=both)
    assert blast(s) == "zap"
    assert s.notes["item"] == "j"


def test_what_is_empty_is_put_down(scene):
    s = scene(*LONG, status=WAND, message="Nothing happens.")
    s.notes["used"] = "j"
    notice_empty(s)
    assert blast(s) is None
