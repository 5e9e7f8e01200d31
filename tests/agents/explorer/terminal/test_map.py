from agents.explorer.terminal.map import MOVES, cell_of, distance, name, read_map
from agents.explorer.terminal.path import flood, way
from agents.explorer.terminal.terrain import CLOSED_DOOR, OPEN_DOOR, kinds

ROOM = (
    "-----",
    "|...|",
    "|.@.|##",
    "|...-#`",
    "--+--",
)
BOTTOM = (
    "Agent the Digger  St:17 Dx:7 Co:11 In:16 Wi:16 Ch:7 Lawful S:4",
    "Dlvl:3 $:0 HP:14(15) Pw:1(1) AC:9 Xp:1/1 T:264 Hungry",
)


def observation(rows=ROOM, message="", at=(2, 3), cursor="Yourself a digger"):
    """An observation with these rows from the map's second row on."""
    lines = ["", *rows, *[""] * (20 - len(rows)), *BOTTOM]
    shown = "".join(f"{line:80}\n" for line in lines)
    return (
        f"message:\n{message}\n\nlanguage observation:\nboulder near east\n\n"
        f"cursor:\n{cursor}\n(x={at[0]}, y={at[1] + 1})\n\nmap:\n{shown}\n"
    )


def test_reads_the_parts_of_an_observation():
    screen = read_map(observation(message="You see here\n\na dart."))
    assert screen is not None
    assert screen.message == "You see here\n\na dart."
    assert screen.sights == "boulder near east"
    assert screen.cells[screen.here] == "@"
    assert screen.on_map
    vitals = screen.vitals
    assert (vitals.level, vitals.hp, vitals.max_hp, vitals.turn) == (3, 14, 15, 264)
    assert vitals.line.rstrip().endswith("Hungry")


def test_other_texts_are_no_terminal():
    assert read_map("") is None
    assert read_map("message:\nhello\n\nmap:\n") is None


def test_a_question_leaves_the_map():
    screen = read_map(observation(message="In what direction?", at=(19, -1), cursor=""))
    assert screen is not None
    assert not screen.on_map


def test_names_of_cells_are_read_back():
    cell = cell_of("12,5")
    assert name(cell) == "12,5"
    assert name(cell + MOVES["southwest"]) == "11,6"
    assert distance(cell, cell_of("10,9")) == 4


def test_doors_are_told_from_walls():
    screen = read_map(observation())
    assert screen is not None
    kind = kinds(screen.cells)
    assert kind[cell_of("4,5")] == OPEN_DOOR
    assert kind[cell_of("2,6")] == CLOSED_DOOR
    assert sum(cell in (OPEN_DOOR, CLOSED_DOOR) for cell in kind) == 2


def test_ways_do_not_cut_corners_of_doors():
    screen = read_map(observation())
    assert screen is not None
    before = flood(kinds(screen.cells), screen.here)
    names = [name(cell) for cell in way(before, cell_of("5,5"))]
    # The door at 4,5 is entered from the west, not diagonally, which takes a step more.
    assert names[-3:] == ["3,5", "4,5", "5,5"]


def test_moves_that_failed_are_avoided():
    screen = read_map(observation())
    assert screen is not None
    barrier = {(cell_of("3,5"), cell_of("4,5"))}
    before = flood(kinds(screen.cells), screen.here, blocked=barrier)
    assert cell_of("4,5") not in before
    assert len(before) == 9
