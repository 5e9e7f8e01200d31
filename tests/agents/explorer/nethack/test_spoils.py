from automem_gym.game import Sight

HEAP = "Things that are here:\na dwarf corpse\na pick-axe"


def test_notes_where_a_dwarf_fell(play):
    dwarf = play(("east", 4, 3, "h", "dwarf"))
    assert dwarf.action == "east"
    assert dwarf.written["dwarves"] == "4,3"
    fallen = play(message="You kill the dwarf!", place={"dwarves": "4,3"})
    assert fallen.written["spoils"] == "4,3"
    assert fallen.action == "east"


def test_a_dwarf_who_still_stands_has_not_fallen(play):
    dwarf = ("east", 4, 3, "h", "dwarf")
    turn = play(dwarf, message="You kill the dwarf!", place={"dwarves": "4,3 2,3"})
    assert turn.written["spoils"] == "2,3"


def test_dwarves_far_away_are_not_noted(play):
    assert play(sights={"east": Sight("dwarf", 9)}).written.get("dwarves", "-") == "-"


def test_looks_through_what_lies_there_once(play):
    turn = play(message=HEAP, place={"spoils": "3,3"})
    assert turn.action == "pickup"
    assert turn.written["looted"] == "3,3"
    assert play(message="", place={"spoils": "3,3", "looted": "3,3"}).action != "pickup"
    assert play(message="You see here a dwarf corpse.", place={"spoils": "3,3"}).action != "pickup"


def test_lifts_a_heavy_pick_and_no_heavy_corpse(play):
    lift = "You have a little trouble lifting {}. Continue? [ynq] (q)"
    assert play(message=lift.format("j - a pick-axe"), asks=True).action == "y"
    assert play(message=lift.format("j - a dwarf corpse"), asks=True).action == "esc"


def test_does_not_dig_with_what_is_not_paid_for(play):
    assert play(status="inventory:\nf: a pick-axe\n").action == "apply"
    assert play(status="inventory:\nf: a pick-axe (unpaid, 50 zorkmids)\n").action != "apply"
    assert play(message="You see here a pick-axe (for sale, 50 zorkmids).").action != "pickup"
