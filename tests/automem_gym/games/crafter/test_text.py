import pytest

from automem_gym.games.crafter.text import describe

INVENTORY = {"health": 9, "food": 8, "drink": 7, "energy": 6, "sapling": 0, "wood": 0}


@pytest.fixture
def view():
    """Nothing but grass, with the player in the middle."""
    columns = [["grass"] * 7 for _ in range(9)]
    columns[4][3] = "player"
    return columns


def seen(view, facing=(0, 1), inventory=INVENTORY, **options):
    return describe(view, facing, inventory, **options).observation


def test_of_each_kind_the_nearest_is_told_in_order_of_first_appearance(view):
    view[0][0] = "tree"
    view[2][3] = "tree"
    view[0][6] = "water"
    assert seen(view) == (
        "You see:\n- tree 2 steps to your west\n- grass 1 step to your west\n"
        "- water 7 steps to your south-west\n\nYou face grass at your front."
    )


def test_of_equally_near_cells_the_western_then_the_northern_is_told(view):
    view[3][4] = view[5][2] = "cow"
    view[4][1] = view[6][3] = "zombie"
    text = seen(view)
    assert "- cow 2 steps to your south-west" in text
    assert "- zombie 2 steps to your north\n" in text


def test_every_cell_is_told_on_request(view):
    view[3][3] = view[5][3] = "cow"
    lines = seen(view, unique_items=False).splitlines()
    assert "- cow 1 step to your west" in lines
    assert "- cow 1 step to your east" in lines
    assert sum(line.startswith("- ") for line in lines) == 9 * 7 - 1


@pytest.mark.parametrize(
    ("facing", "thing"), [((1, 0), "cow"), ((0, -1), "water"), ((-1, 0), "grass")]
)
def test_what_the_player_faces(view, facing, thing):
    view[5][3], view[4][2] = "cow", "water"
    assert seen(view, facing).endswith(f"\n\nYou face {thing} at your front.")


def test_the_edge_of_the_world(view):
    view = [[None] * 7] * 4 + [[None] * 3 + column[3:] for column in view[4:]]
    text = seen(view, (0, -1))
    assert text == ("You see:\n- grass 1 step to your south\n\nYou face nothing at your front.")


def test_nothing_in_view():
    empty = [[None] * 7 for _ in range(9)]
    assert seen(empty).startswith("You see nothing away from you.\n\nYou face nothing")


def test_sleep_and_death_stand_first(view):
    asleep = "You are sleeping, and will not be able take actions until energy is full."
    dead = INVENTORY | {"health": 0}
    assert seen(view, sleeping=True).startswith(f"{asleep}\n\n\n\nYou see:")
    assert seen(view, inventory=dead).startswith("You died.\n\n\n\nYou see:")
    assert seen(view, inventory=dead, sleeping=True).startswith(asleep)


def test_status(view):
    vitals = "Your status:\n- health: 9/9\n- food: 8/9\n- drink: 7/9\n- energy: 6/9\n\n"
    assert describe(view, (0, 1), INVENTORY).status == (
        vitals + "You have nothing in your inventory."
    )
    carrying = INVENTORY | {"sapling": 2, "wood": 1}
    assert describe(view, (0, 1), carrying).status == (
        vitals + "Your inventory:\n- sapling: 2\n- wood: 1"
    )
